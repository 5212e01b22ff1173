import { gatewayError } from '../errors.js';

/** A page of another site cannot add these to a request without a preflight, which only `CORS_ORIGINS` pass. */
const preflightHeaders = ['apollo-require-preflight', 'x-apollo-operation-name'];

/**
 * Refuses what a page of another site could make a browser send without asking first: a GET without a header of ours
 * (a POST has a content type that needs a preflight). Tokens are never sent by a browser of itself, so this is a second
 * wall.
 *
 * @throws `BAD_REQUEST`
 */
export function assertPreflighted(method: string, headers: Readonly<Record<string, unknown>>): void {
  if (method !== 'GET' || preflightHeaders.some((name) => isGiven(headers[name]))) return;
  throw gatewayError(
    'BAD_REQUEST',
    `A GET needs one of the headers ${preflightHeaders.join(', ')}: it shows that no page of another site sent it.`,
  );
}

function isGiven(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

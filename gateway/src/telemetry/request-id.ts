import { randomUUID } from 'node:crypto';

/** The header that names a request to the client, to services and in every log. */
export const requestIdHeader = 'x-request-id';

/** The client's id when it is of the form that is safe to log and to forward, else a new one. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID();
}

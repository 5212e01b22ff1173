import type { FastifyInstance } from 'fastify';

/**
 * Reads bodies of JSON. A body that could name `__proto__` or `constructor`, if only by an escaped character, goes to
 * fastify's own parser, which refuses these and costs more than `JSON.parse`; so does what is no JSON, whose errors are
 * fastify's.
 */
export function registerJsonBody(app: FastifyInstance): void {
  const careful = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    const plain = mayPoison(text) ? undefined : parsed(text);
    if (plain === undefined) void careful(request, text, done);
    else done(null, plain);
  });
}

function mayPoison(text: string): boolean {
  return text.includes('\\u') || text.includes('__proto__') || text.includes('constructor');
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

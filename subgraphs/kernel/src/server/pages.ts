import type { FastifyInstance } from 'fastify';
import { inRequestScope } from './request-scope.js';

/** What a page answers: a document, data, or where the browser is to go next. Null: there is no such page. */
export type PageAnswer =
  { readonly html: string } | { readonly json: object } | { readonly redirectTo: string } | null;

/** A page that a service shows besides its graph, to anybody who has its address. */
export interface Page {
  readonly method: 'GET' | 'POST';
  /** With named parts: `/receipts/:id`. */
  readonly path: string;
  /** @param parts the named parts of the path, as they came */
  readonly answer: (parts: Readonly<Record<string, string>>) => Promise<PageAnswer>;
}

/** Documents load nothing and are shown in no other page's frame; their addresses are told to no other site. */
const headers = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/** Serves pages. A form says all that it has to say with its address: what it sends is not read. */
export function registerPages(app: FastifyInstance, pages: readonly Page[]): void {
  if (pages.length === 0) return;
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async () => null);
  for (const { method, path, answer } of pages) {
    app.route<{ Params: Record<string, string> }>({
      method,
      url: path,
      handler: async (request, reply) => {
        const found = await inRequestScope(request.scope, () => answer(request.params));
        if (found === null) return reply.code(404).headers(headers).send('There is no such page.');
        if ('json' in found) return reply.headers(headers).send(found.json);
        return 'html' in found
          ? reply.headers(headers).type('text/html; charset=utf-8').send(found.html)
          : reply.headers(headers).redirect(found.redirectTo, 303);
      },
    });
  }
}

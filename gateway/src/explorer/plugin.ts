import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { Viewer } from '../identity/viewer.js';
import { loadAssets, type Asset, type Encoding } from './assets.js';
import { createAudienceSchemas } from './audience-schemas.js';
import { readDemoFile, type DemoFile } from './demo-file.js';
import { exampleFacts, exampleVariables } from './examples.js';
import { isAddressedToThisMachine, isSentByOwnPage } from './local-request.js';
import { loadOperations, type Operation } from './operations.js';
import { securityHeaders } from './security-headers.js';

export interface ExplorerOptions {
  /** Verifies an `Authorization` header; throws when there is no valid token in it. */
  readonly authenticate: (authorization: string | undefined) => Promise<{ readonly viewer: Viewer }>;
  /** For local use alone: the file described at `demoFileSchema`. Whoever reaches this machine's page gets its tokens. */
  readonly tokensFile?: string | undefined;
}

/**
 * The page at `/` for a person with a browser: what this is, how the services are, and GraphiQL for each audience.
 *
 * - `/`: the page. It reads `/health/ready` and asks `/graphql` with the token of the chosen audience.
 * - `/explorer/assets/<hash>/<name>`: what the page loads; a hash stands for one content for ever.
 * - `/explorer/operations.json`: the operations of the audience of the request's token, ready to run.
 * - `/explorer/session.json`: the demo tokens, to our own page on this machine alone. Absent without `tokensFile`.
 */
export const explorerPlugin: FastifyPluginAsync<ExplorerOptions> = async (
  app,
  { authenticate, tokensFile },
) => {
  const [assets, operations] = await Promise.all([loadAssets(), loadOperations()]);
  const schemaOf = createAudienceSchemas();

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });

  app.get('/', async (request, reply) => {
    const hasDemo = tokensFile !== undefined && isAddressedToThisMachine(request);
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(hasDemo ? assets.pageWithDemo : assets.page);
  });

  app.get<{ Params: { hash: string; name: string } }>(
    '/explorer/assets/:hash/:name',
    async ({ params, headers }, reply) => {
      const asset = assets.byPath.get(`${params.hash}/${params.name}`);
      if (asset === undefined) return reply.callNotFound();
      return sendAsset(reply, asset, /\bgzip\b/.test(headers['accept-encoding'] ?? '') ? 'gzip' : 'identity');
    },
  );

  app.get('/explorer/operations.json', async (request, reply) => {
    const { viewer } = await authenticate(request.headers.authorization);
    const [demo, schema] = await Promise.all([demoOf(tokensFile), schemaOf(viewer.audience)]);
    const example = (variables: Operation['variables']) => {
      const once = { unique: randomUUID(), today: new Date().toISOString().slice(0, 10) };
      return exampleVariables(variables, exampleFacts(viewer, demo, once), schema);
    };
    return neverCached(reply).send({
      audience: viewer.audience,
      operations: operations[viewer.audience].map(({ variables, ...operation }) => ({
        ...operation,
        variables: example(variables),
      })),
    });
  });

  if (tokensFile === undefined) return;
  app.get('/explorer/session.json', async (request, reply) => {
    if (!isAddressedToThisMachine(request) || !isSentByOwnPage(request)) return reply.callNotFound();
    const file = await readDemoFile(tokensFile);
    if (!file.ok) throw new Error(file.problem);
    return neverCached(reply).send(file.content);
  });
};

function sendAsset(reply: FastifyReply, asset: Asset, encoding: Encoding): FastifyReply {
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply
    .type(asset.type)
    .header('cache-control', 'public, max-age=31536000, immutable')
    .header('vary', 'accept-encoding')
    .send(asset.body(encoding));
}

function neverCached(reply: FastifyReply): FastifyReply {
  return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store');
}

/** Examples are a help: a demo file that cannot be read costs them, and `/explorer/session.json` says what is wrong. */
async function demoOf(tokensFile: string | undefined): Promise<DemoFile['demo']> {
  if (tokensFile === undefined) return undefined;
  const file = await readDemoFile(tokensFile);
  return file.ok ? file.content.demo : undefined;
}

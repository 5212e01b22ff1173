import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTracing } from '@fulfillment/telemetry/tracing';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../identity/viewer.js';
import { unauthenticated } from '../identity/verify.js';
import { registerHttpErrors } from '../protection/http-errors.js';
import { createLogger } from '../telemetry/logger.js';
import { GatewayMetrics } from '../telemetry/metrics.js';
import { registerRequestLog } from '../telemetry/request-log.js';
import type { DemoFile } from './demo-file.js';
import type { Operation } from './operations.js';
import { explorerPlugin } from './plugin.js';

const accountId = '11111111-1111-4111-8111-111111111111';
const viewer: Viewer = { audience: 'product', account: accountId, subject: 'upsell', scopes: new Set() };
const demoFile: DemoFile = {
  tokens: { product: 'product-token', internal: 'internal-token', partner: 'partner-token' },
  demo: {
    product: {
      accountId,
      accountName: 'Acme',
      deployment: {
        id: '33333333-3333-4333-8333-333333333333',
        kind: 'DEDICATED_TENANT',
        externalId: 'tenant-7',
      },
    },
    partner: { partnerId: '22222222-2222-4222-8222-222222222222', partnerName: 'Reseller' },
  },
};

let folder: string;
let tokensFile: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explorer-plugin-'));
  tokensFile = join(folder, 'tokens.json');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => app.close());

const telemetry = {
  logger: createLogger('silent'),
  lines: createLogger('silent'),
  tracing: await startTracing({ service: 'test', samples: () => false }),
  metrics: new GatewayMetrics(new Set()),
};

async function createApp(withFile: boolean): Promise<void> {
  app = Fastify();
  registerRequestLog(app, telemetry);
  registerHttpErrors(app, telemetry.logger);
  await app.register(explorerPlugin, {
    authenticate: async (authorization) => {
      if (authorization !== 'Bearer good') throw unauthenticated('The token has expired: ask for a new one.');
      return { viewer };
    },
    ...(withFile ? { tokensFile } : {}),
  });
}

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

describe('the page', () => {
  beforeEach(() => createApp(false));

  test('comes with strict headers and without scripts of its own text', async () => {
    const page = await get('/');
    expect(page.statusCode).toBe(200);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = String(page.headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'"]),
    );
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(page.body).not.toMatch(/\{\{|https?:\/\//);
  });

  test('names assets that exist, never change and are sent compressed to who asks', async () => {
    const { body } = await get('/');
    const addresses = [...new Set(body.match(/\/explorer\/assets\/[^"\s]+/g))];
    expect(addresses).toHaveLength(7);
    for (const address of addresses) {
      const plain = await get(address);
      expect([address, plain.statusCode]).toEqual([address, 200]);
      expect(plain.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
      });
      expect(plain.headers['content-type']).toMatch(
        /^(text\/(css|javascript); charset=utf-8|image\/svg\+xml)$/,
      );
      const compressed = await get(address, { 'accept-encoding': 'br, gzip' });
      expect(compressed.headers['content-encoding']).toBe('gzip');
      expect(compressed.rawPayload.length).toBeLessThan(plain.rawPayload.length);
    }
  });

  test('its modules import each other under one address', async () => {
    const main = /\/explorer\/assets\/[^"]+main\.js/.exec((await get('/')).body)?.[0] ?? '';
    const seen = new Set<string>();
    const follow = async (address: string): Promise<void> => {
      if (seen.has(address)) return;
      seen.add(address);
      const { statusCode, body } = await get(address);
      expect([address, statusCode]).toEqual([address, 200]);
      for (const [, file] of body.matchAll(/from '\.\/([^']+)'/g)) {
        await follow(address.replace(/[^/]+$/, file ?? ''));
      }
    };
    await follow(main);
    expect(seen.size).toBe(6);
  });

  test.each([
    '/explorer/assets/0000000000000000/main.js',
    '/explorer/assets/0000000000000000/..%2Fplugin.ts',
    '/explorer/session.json',
    '/explorer',
  ])('%s is not there', async (address) => {
    const { statusCode, json } = await get(address, { host: 'localhost:4000' });
    expect(statusCode).toBe(404);
    expect(json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  test('without a file of tokens, a person pastes one', async () => {
    expect((await get('/', { host: 'localhost:4000' })).body).toContain('data-session="paste"');
  });
});

describe('the operations', () => {
  beforeEach(() => createApp(true));

  const ask = async () => {
    const response = await get('/explorer/operations.json', { authorization: 'Bearer good' });
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    return response.json<{
      audience: string;
      operations: (Omit<Operation, 'variables'> & { variables: Record<string, never> })[];
    }>();
  };

  test('are told to nobody without a token', async () => {
    const response = await get('/explorer/operations.json');
    expect(response.statusCode).toBe(401);
    expect(response.body).not.toContain('query');
    expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test("are those of the token's audience, with variables of the demo", async () => {
    await writeFile(tokensFile, JSON.stringify(demoFile));
    const { audience, operations } = await ask();
    expect(audience).toBe('product');
    const names = operations.map(({ name, kind }) => `${kind} ${name}`);
    expect(names[0]).toBe('query Entitlements');
    const [queries, mutations] = [/^query/, /^mutation/].map((of) => names.filter((name) => of.test(name)));
    expect(names).toEqual([...(queries ?? []), ...(mutations ?? [])]);
    expect(mutations).toContain('mutation PlaceOrder');
    expect(operations[0]).toMatchObject({
      description: expect.stringMatching(/^What a deployment may use/),
      text: expect.stringContaining('query ProductEntitlements('),
      variables: { deploymentKind: 'DEDICATED_TENANT', externalId: 'tenant-7' },
    });
  });

  test('get a new key for each asking, so that an order placed twice is two orders', async () => {
    const keys = [await ask(), await ask()].map(
      ({ operations }) =>
        operations.find(({ name }) => name === 'PlaceOrder')?.variables['order']?.['idempotencyKey'],
    );
    expect(new Set(keys).size).toBe(2);
  });

  test('are there when the file of tokens is not', async () => {
    await rm(tokensFile, { force: true });
    expect((await ask()).operations[0]?.name).toBe('Entitlements');
  });
});

describe('the demo tokens', () => {
  beforeEach(async () => {
    await createApp(true);
    await writeFile(tokensFile, JSON.stringify(demoFile));
  });

  const session = (host: string, site?: string) =>
    get('/explorer/session.json', { host, ...(site === undefined ? {} : { 'sec-fetch-site': site }) });

  test.each(['localhost:4000', '127.0.0.1:4000', '[::1]:4000', 'LOCALHOST'])('come to %s', async (host) => {
    const response = await session(host, 'same-origin');
    expect(response.json()).toEqual(demoFile);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await get('/', { host })).body).toContain('data-session="demo"');
  });

  test.each([
    ['evil.example:4000', 'same-origin'],
    ['localhost.evil.example', 'same-origin'],
    ['127.0.0.1.evil.example', undefined],
    ['192.168.1.7:4000', 'same-origin'],
    ['localhost:4000', 'cross-site'],
    ['localhost:4000', 'same-site'],
    ['localhost:4000', 'none'],
  ])('do not come to %s, asked from %s', async (host, site) => {
    const response = await session(host, site);
    expect(response.statusCode).toBe(404);
    expect(response.body).not.toContain('token');
  });

  test('are read anew each time', async () => {
    const renewed = { tokens: { ...demoFile.tokens, product: 'renewed' } };
    await writeFile(tokensFile, JSON.stringify(renewed));
    expect((await session('localhost')).json()).toEqual(renewed);
  });

  test.each([
    ['is no JSON', '{"tokens": {"product": "secret-1'],
    ['lacks an audience', '{"tokens": {"product": "secret-1"}}'],
  ])('stay where they are when the file %s', async (_case, content) => {
    await writeFile(tokensFile, content);
    const response = await session('localhost');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret-1');
  });
});

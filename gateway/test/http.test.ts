import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './kit/gateway.js';

const origin = 'https://portal.example.com';
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    variables: { CORS_ORIGINS: origin, REQUEST_TIMEOUT_MS: '500', ANSWER_TIMEOUT_MS: '500' },
  });
});
afterAll(() => gateway.close());

/** As it goes over the wire, without what fetch does to it. */
function send(body: string, headers: Record<string, string>) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      const request = httpRequest(
        `${gateway.url}/graphql`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${gateway.tokens.internal}`,
            ...headers,
          },
        },
        (response) => {
          buffer(response).then(
            (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
            reject,
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    },
  );
}

/** What comes back on a bare connection. */
function talk(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => {
      received += data.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({
    url: () => `${gateway.url}/graphql`,
    fetchFn: async (input: string, init: RequestInit = {}) =>
      fetch(input, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          authorization: `Bearer ${gateway.tokens.internal}`,
          'apollo-require-preflight': '1',
        },
      }),
  });
  const passed = { MUST: 0, SHOULD: 0, MAY: 0 };
  type Level = keyof typeof passed;

  it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_, audit) => {
    const result = await audit.fn();
    const detail = result.status === 'ok' ? '' : result.reason;
    expect([result.status, detail]).toEqual(['ok', '']);
    passed[audit.name.split(' ')[0] as Level] += 1;
  });

  it('all of the audits pass', () => {
    const counts = Object.entries(passed).map(([level, count]) => `${count} ${level}`);
    process.stdout.write(`GraphQL over HTTP: ${counts.join(', ')} of ${audits.length} audits pass\n`);
    expect(passed.MUST + passed.SHOULD + passed.MAY).toBe(audits.length);
  });
});

describe('compression', () => {
  const large = JSON.stringify({ query: getIntrospectionQuery() });

  it.each([
    ['br', 'gzip, br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ])('by %s', async (encoding, accepted, decompress) => {
    const plain = await send(large, {});
    const { headers, body } = await send(large, { 'accept-encoding': accepted });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(headers).toMatchObject({
      'content-encoding': encoding,
      vary: expect.stringContaining('accept-encoding') as string,
    });
    expect(body.length).toBeLessThan(plain.body.length / 5);
    expect(decompress(body).equals(plain.body)).toBe(true);
  });

  it('not of what is small', async () => {
    const { headers, body } = await send('{"query":"{ __typename }"}', { 'accept-encoding': 'br' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(JSON.parse(body.toString())).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('pages of other origins', () => {
  const preflight = (from: string) =>
    fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it('may ask where they are named', async () => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')).toContain('authorization');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await send('{"query":"{ __typename }"}', { origin });
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': origin });
    const refused = await send('{', { origin });
    expect(refused.headers).toMatchObject({ 'access-control-allow-origin': origin });
  });

  it('may not where they are not', async () => {
    const { headers } = await preflight('https://evil.example.com');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what is hardly HTTP', () => {
  const head = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
    ['headers of 20 KB', `${head}x-large: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['a body that does not come', `${head}content-length: 100\r\n\r\n{`, 401, 'UNAUTHENTICATED'],
    ['headers that do not come', head, 408, 'REQUEST_TIMEOUT'],
    [
      'an address that is none',
      'GET /%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
  ])('%s', async (_, text, status, code) => {
    const received = await talk(text);
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const body = JSON.parse(received.slice(received.indexOf('\r\n\r\n') + 4)) as {
      errors: [{ extensions: { traceId: string } }];
    };
    const { traceId } = body.errors[0].extensions;
    expect(body).toMatchObject({
      errors: [{ message: expect.any(String) as string, extensions: { code, traceId } }],
    });
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    // What asks for something else than GraphQL is in the log for developers alone.
    if (text.startsWith('GET')) return;
    await expect
      .poll(() => gateway.lines, { timeout: 10_000 })
      .toContainEqual(expect.objectContaining({ event: 'request', traceId, codes: [code] }));
  });

  it.each(['content-length: 20000000', 'transfer-encoding: chunked'])(
    'a body that is too large, by a client that reads the answer after all is sent: %s',
    async (framing) => {
      const pieces = framing.endsWith('chunked')
        ? [`${(20_000_000).toString(16)}\r\n`, 'x'.repeat(20_000_000), '\r\n0\r\n\r\n']
        : ['x'.repeat(20_000_000)];
      const received = await talk(
        [`${head}authorization: Bearer ${gateway.tokens.internal}\r\n${framing}\r\n\r\n`, ...pieces].join(''),
      );
      expect(received).toMatch(/^HTTP\/1.1 413 /);
      expect(received).toContain('"code":"BODY_TOO_LARGE"');
    },
  );

  it('a client that does not read its answers is cut off, however many it asked for', async () => {
    const body = JSON.stringify({ query: getIntrospectionQuery() });
    const text = `${head}authorization: Bearer ${gateway.tokens.internal}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').pause();
    await once(socket, 'connect');
    const asked = 100;
    socket.on('error', () => undefined).write(text.repeat(asked));
    const cutOff = () => gateway.lines.filter(({ outcome }) => outcome === 'aborted').length;
    await expect.poll(cutOff, { timeout: 10_000 }).toBe(1);
    let answers = 0;
    socket.on('data', (bytes: Buffer) => {
      answers += bytes.toString('latin1').split('HTTP/1.1 200').length - 1;
    });
    await once(socket.resume(), 'close');
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThan(asked);
  });

  it('a body that does not come, from someone with a token', async () => {
    const received = await talk(
      `${head}authorization: Bearer ${gateway.tokens.internal}\r\ncontent-length: 100\r\n\r\n{`,
    );
    expect(received).toMatch(/^HTTP\/1.1 408 /);
    expect(received).toContain('"code":"REQUEST_TIMEOUT"');
  });
});

import fc from 'fast-check';
import { graphqlBody } from './operations.js';

/** A request as it goes over the wire. */
export interface GeneratedRequest {
  /** What is odd about it, for the report. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly token: 'internal' | 'product' | 'partner' | 'none' | 'garbage';
  /** In addition to host, authorization and content-length; a name may stand several times. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Buffer;
  /** How the body is sent: whole, in two parts, or given up in the middle. */
  readonly delivery: 'whole' | 'in parts' | 'given up';
}

const json: readonly [string, string] = ['content-type', 'application/json'];
const preflighted: readonly [string, string] = ['apollo-require-preflight', '1'];

const token = fc.oneof(
  { weight: 12, arbitrary: fc.constant('internal' as const) },
  { weight: 3, arbitrary: fc.constantFrom('product' as const, 'partner' as const) },
  { weight: 1, arbitrary: fc.constantFrom('none' as const, 'garbage' as const) },
);
const accept = fc.constantFrom<readonly (readonly [string, string])[]>(
  [],
  [],
  [['accept', '*/*']],
  [['accept', 'application/json']],
  [['accept', 'application/graphql-response+json']],
  [['accept', 'application/graphql-response+json, application/json;q=0.9']],
  [['accept', 'text/html']],
  [['accept', ';;,,/']],
);

interface Parts {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Buffer;
  readonly delivery?: GeneratedRequest['delivery'];
}

const request = (kind: string, parts: fc.Arbitrary<Parts>): fc.Arbitrary<GeneratedRequest> =>
  fc.tuple(parts, token, accept).map(([{ method, path, headers, body, delivery }, token, accepted]) => ({
    kind,
    token,
    method: method ?? 'POST',
    path: path ?? '/graphql',
    headers: [...(headers ?? [json]), ...accepted],
    delivery: delivery ?? 'whole',
    ...(body === undefined ? {} : { body }),
  }));

const bytes = graphqlBody.map((body) => Buffer.from(body));

const operations = request(
  'operation',
  bytes.map((body) => ({ body })),
);

const brokenJson = request(
  'broken JSON',
  fc
    .tuple(bytes, fc.double({ min: 0, max: 1, noNaN: true }), fc.string({ maxLength: 3 }))
    .map(([body, at, extra]) => {
      const place = Math.floor(at * body.length);
      return { body: Buffer.concat([body.subarray(0, place), Buffer.from(extra)]) };
    }),
);

const invalidUtf8 = request(
  'invalid UTF-8',
  fc
    .tuple(bytes, fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([body, noise, at]) => {
      const place = Math.floor(at * body.length);
      return { body: Buffer.concat([body.subarray(0, place), noise, body.subarray(place)]) };
    }),
);

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, true, 1e308, -0, [], {}, '', 'null', [[[[]]]]),
);

const wrongTypes = request(
  'wrong types',
  fc
    .record(
      {
        query: anyJson,
        variables: anyJson,
        operationName: anyJson,
        extensions: anyJson,
        documentId: anyJson,
      },
      { requiredKeys: [] },
    )
    .map((body) => ({ body: Buffer.from(JSON.stringify(body)) })),
);

const anyBody = request(
  'any JSON',
  anyJson.map((body) => ({ body: Buffer.from(JSON.stringify(body)) })),
);

const dangerousKey = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty');
const prototypes = request(
  'prototype keys',
  fc
    .tuple(dangerousKey, fc.constantFrom('top', 'variables', 'extensions', 'persistedQuery'))
    .map(([key, place]) => {
      const value = `{"${key}":{"query":"{ __typename }","version":1,"sha256Hash":"a"}}`;
      const body =
        place === 'top'
          ? `{"query":"{ __typename }",${value.slice(1)}`
          : place === 'persistedQuery'
            ? `{"extensions":{"persistedQuery":${value}}}`
            : `{"query":"query ($${key}: ID) { __typename }","${place}":${value}}`;
      return { body: Buffer.from(body) };
    }),
);

const hash = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.constantFrom('', 'abc', '__proto__', 'x'.repeat(10_000), 'SHA', '0'.repeat(64).toUpperCase()),
);
const hashes = request(
  'hashes',
  fc
    .tuple(hash, fc.boolean(), fc.boolean(), fc.constantFrom<unknown>(1, 2, '1', null))
    .map(([sha256Hash, withText, asDocument, version]) => ({
      body: Buffer.from(
        JSON.stringify({
          ...(withText ? { query: '{ __typename }' } : {}),
          ...(asDocument
            ? { documentId: `sha256:${sha256Hash}` }
            : { extensions: { persistedQuery: { version, sha256Hash } } }),
        }),
      ),
    })),
);

const contentTypes = request(
  'content types',
  fc
    .tuple(
      bytes,
      fc.array(
        fc.constantFrom(
          'application/json',
          'application/json; charset=utf-16',
          'application/json;charset="',
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data; boundary=x',
          'application/graphql',
          '/',
          'x'.repeat(2_000),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([body, types]) => ({ body, headers: types.map((type) => ['content-type', type] as const) })),
);

const headerName = fc.stringMatching(/^[a-z][a-z-]{0,20}$/).filter((name) => !hopByHop.has(name));
const hopByHop = new Set(['connection', 'upgrade', 'expect', 'te', 'trailer', 'host']);
const headerFloods = request(
  'header floods',
  fc
    .tuple(
      bytes,
      fc.array(fc.tuple(headerName, fc.stringMatching(/^[ -~]{0,40}$/)), { minLength: 20, maxLength: 150 }),
      fc.constantFrom(0, 0, 0, 8_000, 20_000),
    )
    .map(([body, flood, size]) => ({
      body,
      headers: [json, ...flood, ['x-large', 'x'.repeat(size)] as const].filter(
        ([name]) => name !== 'content-length' && name !== 'transfer-encoding',
      ),
    })),
);

const duplicates = request(
  'duplicate headers',
  fc
    .tuple(
      bytes,
      fc.constantFrom(
        'authorization',
        'x-request-id',
        'accept',
        'origin',
        'cookie',
        'apollo-require-preflight',
      ),
    )
    .map(([body, name]) => ({
      body,
      headers: [json, [name, 'Bearer one'], [name, 'Bearer other']] as const,
    })),
);

const parameter = fc.constantFrom(
  'query',
  'variables',
  'operationName',
  'extensions',
  'documentId',
  '__proto__',
);
const parameterValue = fc.oneof(
  fc.constantFrom('{ __typename }', 'mutation { __typename }', '{', '%', '%zz', 'null', '[]', '{"a":1}', ''),
  graphqlBody.map((body) => {
    const { query } = JSON.parse(body) as { query: string };
    return query.length > 4_000 ? '{ accounts { totalCount } }' : query;
  }),
);
const gets = request(
  'GET',
  fc
    .tuple(fc.array(fc.tuple(parameter, parameterValue), { maxLength: 4 }), fc.boolean(), fc.boolean())
    .map(([parameters, safe, raw]) => {
      const encode = (value: string) =>
        raw
          ? value.replaceAll(/[^!-~]|[#]/g, '+')
          : encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '?'));
      const search = parameters.map(([name, value]) => `${name}=${encode(value)}`).join('&');
      return { method: 'GET', path: `/graphql?${search}`, headers: safe ? [preflighted] : [] };
    }),
);

const elsewhere = request(
  'methods and addresses',
  fc
    .tuple(
      fc.constantFrom('PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'POST', 'GET', 'TRACE'),
      fc.constantFrom(
        '/graphql',
        '/graphql/',
        '/GRAPHQL',
        '//graphql',
        '/graphql%2f',
        '/%',
        '/%00',
        '/..%2f',
        '/a'.repeat(500),
      ),
    )
    .map(([method, path]) => ({ method, path, headers: [] })),
);

const slow = request(
  'slow bodies',
  fc
    .tuple(bytes, fc.constantFrom('in parts' as const, 'given up' as const))
    .map(([body, delivery]) => ({ body, delivery })),
);

/** Requests of all kinds, good and bad. */
export const anyRequest: fc.Arbitrary<GeneratedRequest> = fc.oneof(
  { weight: 40, arbitrary: operations },
  { weight: 6, arbitrary: brokenJson },
  { weight: 6, arbitrary: invalidUtf8 },
  { weight: 8, arbitrary: wrongTypes },
  { weight: 4, arbitrary: anyBody },
  { weight: 4, arbitrary: prototypes },
  { weight: 6, arbitrary: hashes },
  { weight: 5, arbitrary: contentTypes },
  { weight: 4, arbitrary: headerFloods },
  { weight: 4, arbitrary: duplicates },
  { weight: 8, arbitrary: gets },
  { weight: 3, arbitrary: elsewhere },
  { weight: 2, arbitrary: slow },
);

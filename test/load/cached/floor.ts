// A bare fastify route: it verifies the token of each request, parses the body and writes the same bytes (FLOOR_FILE). With
// FLOOR_REMEMBERS it verifies a token once and remembers it, as our gateway does.
import { readFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';

const { FLOOR_FILE = '', IDENTITY_JWKS_URL = '', IDENTITY_ISSUER = '', FLOOR_REMEMBERS, PORT } = process.env;
const bytes = await readFile(FLOOR_FILE);
const keys = createLocalJWKSet(
  JSON.parse(await readFile(new URL(IDENTITY_JWKS_URL), 'utf8')) as JSONWebKeySet,
);
const remembered = new Set<string>();

const app = Fastify({ logger: false });
app.addHook('onRequest', async ({ headers }) => {
  const token = headers.authorization?.slice('Bearer '.length) ?? '';
  if (remembered.has(token)) return;
  await jwtVerify(token, keys, { issuer: IDENTITY_ISSUER });
  if (FLOOR_REMEMBERS !== undefined) remembered.add(token);
});
app.post('/graphql', async (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes));
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
process.send?.('ready');

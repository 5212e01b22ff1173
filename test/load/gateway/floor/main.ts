// The floor: what it costs at least to answer. A bare fastify route that parses the request and writes the bytes that our
// gateway answers (FLOOR_FILE); with IDENTITY_JWKS_URL it verifies the client's token first.
import { readFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { pageHole } from '../stand-ins/page.js';
import { answerKey, type FloorRequest } from './answers.js';

const { FLOOR_FILE: file = '', IDENTITY_JWKS_URL: jwksUrl, IDENTITY_ISSUER: issuer = '' } = process.env;
const texts = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
const answers = new Map(Object.entries(texts).map(([key, text]) => [key, text.split(pageHole)]));

const app = Fastify({ logger: false });
if (jwksUrl !== undefined) {
  const keys = createLocalJWKSet(JSON.parse(await readFile(new URL(jwksUrl), 'utf8')) as JSONWebKeySet);
  app.addHook('onRequest', async ({ headers }) => {
    await jwtVerify(headers.authorization?.slice('Bearer '.length) ?? '', keys, { issuer });
  });
}
app.post<{ Body: FloorRequest }>('/graphql', async ({ body }, reply) => {
  const parts = answers.get(answerKey(body));
  if (parts === undefined) return reply.code(404).send({ errors: [{ message: 'Not known' }] });
  return reply.type('application/json; charset=utf-8').send(parts.join(body.variables.page ?? ''));
});
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });

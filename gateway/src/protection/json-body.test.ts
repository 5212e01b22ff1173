import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { registerJsonBody } from './json-body.js';

const app = Fastify();
app.removeContentTypeParser('application/json');
registerJsonBody(app);
app.post('/', (request) => ({ body: request.body }));

const post = (payload: string) =>
  app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload });

it.each([
  ['{"query":"{ a }","variables":{"text":"\\u00fcber"}}'],
  ['[1, null]'],
  ['null'],
  ['"constructor"'],
  ['{"text":"__proto__ and constructor"}'],
  [`\uFEFF{"a":1}`],
])('reads %s', async (text) => {
  const { statusCode, body } = await post(text);
  expect([statusCode, JSON.parse(body)]).toEqual([200, { body: JSON.parse(text.replace('\uFEFF', '')) }]);
});

it.each([
  ['{"__proto__":{"admin":true}}'],
  ['{"a":{"\\u005f_proto__":{"admin":true}}}'],
  ['{"constructor":{"prototype":{"admin":true}}}'],
  ['{"\\u0063onstructor":{"prototype":{"admin":true}}}'],
  ['{"a":'],
  [''],
])('refuses %s', async (text) => {
  expect((await post(text)).statusCode).toBe(400);
});

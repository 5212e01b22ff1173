import { expect, it } from 'vitest';
import { mediaTypeFor, statusFor } from './media-type.js';

const newer = 'application/graphql-response+json';

it.each([
  [undefined, 'application/json; charset=utf-8'],
  ['*/*', 'application/json; charset=utf-8'],
  ['application/json', 'application/json; charset=utf-8'],
  [`${newer}; charset=utf-8, application/json;q=0.9`, `${newer}; charset=utf-8`],
])('who accepts %s gets %s', (accept, type) => {
  expect(mediaTypeFor(accept)).toBe(type);
});

it.each([
  ['application/json', 400, ['GRAPHQL_VALIDATION_FAILED'], 200],
  ['text/html, application/json;q=0.5', 400, ['BAD_USER_INPUT', 'BAD_USER_INPUT'], 200],
  ['*/*', 400, ['GRAPHQL_VALIDATION_FAILED'], 400],
  [undefined, 400, ['GRAPHQL_PARSE_FAILED'], 400],
  [`${newer}, application/json`, 400, ['GRAPHQL_PARSE_FAILED'], 400],
  ['application/json', 400, ['BAD_REQUEST'], 400],
  ['application/json', 400, ['QUERY_TOO_EXPENSIVE'], 400],
  ['application/json', 400, [], 400],
  ['application/json', 401, ['UNAUTHENTICATED'], 401],
  ['application/json', 429, ['COST_BUDGET_EXCEEDED'], 429],
  ['application/json', 500, ['INTERNAL_SERVER_ERROR'], 500],
])('who accepts %s gets for %i %j the status %i', (accept, status, codes, expected) => {
  expect(statusFor(accept, status, codes)).toBe(expected);
});

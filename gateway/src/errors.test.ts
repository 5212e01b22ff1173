import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCatalog, gatewayError, type ErrorCode } from './errors.js';

const codes = Object.keys(errorCatalog) as ErrorCode[];

/** The rows of the table "Errors" of the README: each code with its HTTP status. */
function documented(): Record<string, number> {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.split(/^## /m).find((text) => text.startsWith('Errors')) ?? '';
  const rows = section.split('\n').flatMap((line) => {
    const [, named, status] = /^\| (`[A-Z_`, ]+) *\| (\d{3}) /.exec(line) ?? [];
    return named === undefined ? [] : [...named.matchAll(/[A-Z_]+/g)].map(([code]) => [code, Number(status)]);
  });
  return Object.fromEntries(rows) as Record<string, number>;
}

test('the README names every error with its status, and no other', () => {
  expect(documented()).toEqual(Object.fromEntries(codes.map((code) => [code, errorCatalog[code].status])));
});

test.each(codes)('%s says what it means and what the caller can do', (code) => {
  expect(errorCatalog[code].meaning).toMatch(/^[A-Z].{20,}\.$/s);
  expect(errorCatalog[code].since).toMatch(/^\d+\.\d+\.\d+$/);
});

test('an error carries its code, and its status when no data comes with it', () => {
  expect(gatewayError('BODY_TOO_LARGE', 'Too large.').extensions).toEqual({
    code: 'BODY_TOO_LARGE',
    http: { status: 413 },
  });
  expect(gatewayError('SERVICE_TIMEOUT', 'Too late.', { service: 'orders' }).extensions).toEqual({
    code: 'SERVICE_TIMEOUT',
    service: 'orders',
  });
});

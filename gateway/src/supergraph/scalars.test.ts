import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkScalarInputs } from './scalars.js';

const schema = buildSchema(`
  scalar DateTime scalar LocalDate scalar Decimal scalar CurrencyCode
  type Query { f(at: DateTime, on: LocalDate, amount: Decimal, currency: CurrencyCode): Int }
`);
checkScalarInputs(schema);

const problems = (argument: string) =>
  validate(schema, parse(`{ f(${argument}) }`)).map(({ message }) => message);

describe('values for our scalars', () => {
  it.each([
    'on: "2028-02-29"',
    'at: "2026-11-23T09:30:00Z"',
    'at: "2026-11-23T09:30:00.123+01:00"',
    'amount: "-29.005"',
    'currency: "XXX"',
    'on: null',
  ])('%s fits', (argument) => {
    expect(problems(argument)).toEqual([]);
  });

  it.each([
    'on: "2026-02-30"',
    'on: "0000-01-01"',
    'on: 1e400',
    'on: ["2026-01-01"]',
    'on: {a: 1}',
    'at: "nope"',
    'at: "2026-02-30T00:00:00Z"',
    'at: 5',
    'amount: 29.0',
    'amount: "1e5"',
    'currency: "x"',
    'currency: true',
  ])('%s is refused before a service is asked', (argument) => {
    expect(problems(argument)).toEqual([expect.stringMatching(/ must be /)]);
  });
});

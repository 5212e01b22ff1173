import { parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { askedBy, newRequestRecord, outcomeOf } from './request-record.js';

const operationOf = (text: string) => parse(text).definitions[0] as OperationDefinitionNode;

describe('what was asked for', () => {
  it.each([
    ['{ accounts { totalCount } }', 'query', 'accounts'],
    ['{ secretAlias: accounts { totalCount } }', 'query', 'accounts'],
    ['{ accounts { totalCount } orders { totalCount } }', 'query', 'several'],
    ['mutation { placeOrder(input: {}) { order { id } } }', 'mutation', 'placeOrder'],
    ['mutation { placeOrder(input: {}) { order { id } } voidInvoice { id } }', 'mutation', 'several'],
    [
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { name } } }',
      'entities',
      'Account',
    ],
    [
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { name } ... on Order { id } } }',
      'entities',
      'several',
    ],
    ['{ ... { accounts { totalCount } } }', 'query', 'several'],
  ])('by %s', (text, kind, field) => {
    expect(askedBy(operationOf(text))).toEqual({ kind, field });
  });
});

describe('the outcome of a request', () => {
  it.each([
    [[], 200, true, 'ok'],
    [[], 200, false, 'given-up'],
    [['DEADLINE_EXCEEDED'], 200, true, 'given-up'],
    [['BAD_USER_INPUT'], 200, true, 'refused'],
    [['BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR'], 200, true, 'failed'],
    [[], 500, true, 'failed'],
    [[], 413, true, 'refused'],
  ] as const)('with %j and %i, taken: %s, is %s', (codes, status, answered, outcome) => {
    const record = newRequestRecord();
    for (const code of codes) record.codes.add(code);
    expect(outcomeOf(record, status, answered)).toBe(outcome);
  });
});

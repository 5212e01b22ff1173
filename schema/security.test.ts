import { Supergraph } from '@apollo/federation-internals';
import { printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { protectedFields, withoutSecurity } from './audience.js';
import { composeSupergraph } from './composition.js';
import { readSubgraphs } from './subgraphs.js';
import { supergraphOf } from './testing/fixture.js';

const GRAPH = supergraphOf(`
  type Query {
    open: Int
    mine: Int @authenticated
    bill: Bill @requiresScopes(scopes: [["billing:read"], ["finance", "audit"]])
    secret: Int @policy(policies: [["four-eyes"]])
    paper: Paper
  }
  type Bill @requiresScopes(scopes: [["bills"]]) { id: ID total: Salary }
  scalar Salary @authenticated
  interface Paper { id: ID total: Int }
  type Quote implements Paper { id: ID total: Int @requiresScopes(scopes: [["quotes:read"]]) }
  type Note implements Paper { id: ID total: Int }
`);

describe('protectedFields', () => {
  const fields = protectedFields(GRAPH);

  it('leaves out what requires nothing', () => {
    expect(fields.get('Query')?.get('open')).toBeUndefined();
    expect(fields.get('Note')).toBeUndefined();
  });

  it('reads a token, scopes and policies', () => {
    expect(fields.get('Query')?.get('mine')).toEqual({ authenticated: true, scopes: [], policies: [] });
    expect(fields.get('Query')?.get('secret')?.policies).toEqual([['four-eyes']]);
  });

  it('adds what the returned type requires to each alternative', () => {
    expect(fields.get('Query')?.get('bill')?.scopes).toEqual([
      ['billing:read', 'bills'],
      ['audit', 'bills', 'finance'],
    ]);
    expect(fields.get('Bill')?.get('total')?.authenticated).toBe(true);
  });

  it('protects a field of an interface as the strictest of its types does', () => {
    expect(fields.get('Paper')?.get('total')?.scopes).toEqual([['quotes:read']]);
    expect(fields.get('Paper')?.get('id')).toBeUndefined();
  });

  it('finds what our own graph protects', async () => {
    const own = protectedFields(composeSupergraph(await readSubgraphs()));
    expect(own.get('Account')?.get('contacts')?.scopes).toEqual([['contacts:read']]);
    expect(own.get('Query')?.get('deployment')?.authenticated).toBe(true);
    expect(own.get('Mutation')?.get('placeOrder')?.scopes).toEqual([['orders:place']]);
  });
});

describe('withoutSecurity', () => {
  const stripped = withoutSecurity(GRAPH);

  it('takes out links, directives and their types', () => {
    expect(stripped).not.toMatch(/authenticated|requiresScopes|policy/i);
  });

  it('keeps the graph as it is otherwise', () => {
    const api = Supergraph.build(stripped).apiSchema().toGraphQLJSSchema();
    expect(printSchema(api)).toContain('type Bill {\n  id: ID\n  total: Salary\n}');
    expect(stripped).toContain('@join__type(graph: FIXTURE)');
  });

  it('gives back as it is a supergraph that has nothing to take out', () => {
    const plain = supergraphOf('type Query { open: Int }');
    expect(withoutSecurity(plain)).toBe(plain);
  });
});

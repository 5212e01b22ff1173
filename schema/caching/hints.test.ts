import { describe, expect, it } from 'vitest';
import { cacheHints, withoutSecurity } from '../audience.js';
import { composeSupergraph } from '../composition.js';
import { readSubgraphs } from '../subgraphs.js';

const graph = composeSupergraph(await readSubgraphs());
const hints = cacheHints(graph);

describe('cacheHints', () => {
  it('reads scope, age and what may be stale', () => {
    expect(hints.fields.get('Query')?.get('entitlements')).toMatchObject({
      type: 'Entitlements',
      hint: { scope: 'ACCOUNT', maxAge: 60, staleIfDown: 3600 },
    });
    expect(hints.fields.get('Product')?.get('name')?.hint?.scope).toBe('PUBLIC');
  });

  it('says nothing of what has no hint', () => {
    expect(hints.fields.get('Account')?.get('balance')).toEqual({ type: 'Money', isKey: false });
  });

  it('knows keys, entities and roots', () => {
    expect(hints.fields.get('Account')?.get('id')?.isKey).toBe(true);
    expect(hints.roots).toContain('Entitlements');
    expect(hints.roots).toContain('Query');
    expect(hints.roots).not.toContain('SeatUsage');
  });

  it('refuses a scope that there is none of', () => {
    expect(() => cacheHints(graph.replace('scope: "PUBLIC"', 'scope: "EVERYBODY"'))).toThrow(
      /@cached of Product\.\w+ must have a scope of PUBLIC, ACCOUNT, VIEWER/,
    );
  });

  it('never lets a price be stale', () => {
    const prices = [...hints.fields].flatMap(([type, fields]) =>
      [...fields]
        .filter(([, { hint, type: leads }]) => hint && /^(Price|Money|Offer)$/.test(leads))
        .map(([name, { hint }]) => ({ at: `${type}.${name}`, staleIfDown: hint?.staleIfDown })),
    );
    expect(prices).toContainEqual({ at: 'Entitlements.upsells', staleIfDown: 0 });
    expect(prices.filter(({ staleIfDown }) => staleIfDown !== 0)).toEqual([]);
  });
});

it('is taken out of what the planner is handed', () => {
  expect(withoutSecurity(graph)).not.toMatch(/cached/);
});

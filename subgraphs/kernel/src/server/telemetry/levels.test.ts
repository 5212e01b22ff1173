import { Metrics } from '@fulfillment/telemetry/metrics';
import { expect, it } from 'vitest';
import { watchLevels } from './levels.js';

const nothing = { waiting: 0, ageSeconds: 0, retrying: 0, dead: 0 };

it('levels of one scrape are read once; one that cannot be read, or not soon, is left out', async () => {
  const metrics = new Metrics('test');
  const reads = { outbox: 0 };
  const state = { held: (): Promise<number> => Promise.reject(new Error('the database is gone')) };
  watchLevels(metrics, {
    pool: () => ({ used: 3, idle: 1, limit: 10, waiting: 2 }),
    outbox: async () => {
      reads.outbox += 1;
      return { waiting: 7, ageSeconds: 1.5 };
    },
    deliveries: () => new Promise(() => undefined),
    held: () => state.held(),
  });
  const first = await metrics.registry.metrics();
  expect(reads.outbox).toBe(1);
  expect(first).toContain('service_pool_connections{state="used",service="test"} 3');
  expect(first).toContain('service_pool_waiting{service="test"} 2');
  expect(first).toContain('service_outbox_waiting{service="test"} 7');
  expect(first).toContain('service_outbox_age_seconds{service="test"} 1.5');
  expect(first).not.toMatch(/^service_inbox_(held|waiting|lag)[a-z_]*\{/m);

  state.held = async () => 4;
  expect(await metrics.registry.metrics()).toContain('service_inbox_held{service="test"} 4');
  expect(reads.outbox).toBe(2);
});

it('shows zero', async () => {
  const metrics = new Metrics('test');
  watchLevels(metrics, {
    pool: () => ({ used: 0, idle: 0, limit: 10, waiting: 0 }),
    outbox: async () => nothing,
    deliveries: async () => nothing,
    held: async () => 0,
  });
  const text = await metrics.registry.metrics();
  for (const name of ['outbox_waiting', 'outbox_age_seconds', 'inbox_lag_seconds', 'inbox_dead_letters']) {
    expect(text).toContain(`service_${name}{service="test"} 0`);
  }
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { postGraphql } from '../kit/post-graphql.js';
import type { LoadSystem } from './load-system.js';
import { createOrderClient } from './order-client.js';
import { usualOrder } from './order-inputs.js';
import { atPace } from './pace.js';
import { type Percentiles, percentiles } from './percentiles.js';
import { buyerOf } from './throughput.js';

/** Milliseconds at an even pace. */
export interface LatencyRound {
  readonly perSecond: number;
  /** Of `placeOrder` itself. */
  readonly answer: Percentiles;
  /** From its answer until the product sees the entitlement through the gateway. */
  readonly entitlement: Percentiles;
}

const document = `query ($externalId: String!) {
  entitlements(deploymentKind: SAAS_NAMESPACE, externalId: $externalId) { planCode }
}`;

const pollMs = 15;
const patienceMs = 60_000;

/**
 * Places orders at an even pace and asks for the entitlement of each, as the product would, until it is there. It is not
 * asked for sooner than the quickest so far took for the most part, so that asking does not take the machine away from
 * what is measured; what is measured may be up to 15 ms too long by that.
 */
export async function measureLatency(
  system: LoadSystem,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<LatencyRound> {
  const client = createOrderClient(system.processes);
  const answers: number[] = [];
  const entitlements: number[] = [];
  let quickest = 0;
  await atPace(perSecond, seconds, async (index) => {
    const name = `latency-${randomUUID()}`;
    const buyer = buyerOf(system, index);
    const askedAt = performance.now();
    await client.place(buyer, name, usualOrder(buyer.accountId, name));
    const answeredAt = performance.now();
    answers.push(answeredAt - askedAt);
    await sleep(quickest * 0.8);
    await untilEntitled(system, buyer.accountId, name);
    const took = performance.now() - answeredAt;
    quickest = quickest === 0 ? took : Math.min(quickest, took);
    entitlements.push(took);
  });
  return { perSecond, answer: percentiles(answers), entitlement: percentiles(entitlements) };
}

async function untilEntitled(
  { processes }: LoadSystem,
  accountId: string,
  externalId: string,
): Promise<void> {
  const token = await processes.identity.issueToken({ audience: 'product', account: accountId });
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { data } = await postGraphql<{ entitlements: { planCode: string } | null }>(
      processes.url,
      token,
      document,
      { externalId },
    );
    if (data?.entitlements?.planCode === 'PREMIUM') return;
    if (performance.now() > deadline) throw new Error(`${externalId} has no entitlement after a minute`);
    await sleep(pollMs);
  }
}

import { describe, expect, it } from 'vitest';
import { startTestGateway } from './kit/gateway.js';
import { accountId } from './kit/identity.js';
import { hasRedis, startRedis } from './kit/redis.js';

const read = 'query { billingSubscription(id: "s-1") { number } }';
const write = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }';
const input = { idempotencyKey: 'key-12345', accountId, actions: [] };

describe.skipIf(!hasRedis())('two gateways that share a Redis', () => {
  it(
    'answer who wrote through one by nothing that began before at the other',
    { timeout: 120_000 },
    async () => {
      const redis = await startRedis();
      const one = await startTestGateway({ variables: { REDIS_URL: redis.url } });
      const other = await startTestGateway({ variables: one.environment });
      const { subscriptions } = one.services;
      const { reached, release } = subscriptions.hold();
      const early = one.ask(one.tokens.partner, read);
      await reached;
      expect((await other.ask(one.tokens.partner, write, { input })).errors).toBeUndefined();
      const late = one.ask(one.tokens.partner, read);
      await expect.poll(() => subscriptions.asked.length).toBe(2);
      release();
      expect((await late).data).toEqual((await early).data);
      await Promise.all([one.close(), other.close()]);
      await redis.remove();
    },
  );
});

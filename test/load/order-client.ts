import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenRequest } from '@fulfillment/local/identity/token-request';
import { postGraphql, type GraphqlAnswer } from '../kit/post-graphql.js';
import type { ProcessGroup } from '../kit/process-group.js';
import type { Buyer } from './load-system.js';

/** The input of `placeOrder`, without its key. */
export interface OrderInput {
  readonly accountId: string;
  readonly actions: readonly Record<string, unknown>[];
}

/** An order as the client was told of it in the end. */
export interface PlacedOrder {
  readonly orderId: string;
  /** How often it was asked for: 1 where nothing came between. */
  readonly attempts: number;
}

/** Places orders through the gateway as a client in the field does: again and again with one key, until it is answered. */
export interface OrderClient {
  /** @throws OrderNotPlacedError when the answer is a refusal, or none comes within two minutes */
  place(buyer: Buyer, key: string, input: OrderInput): Promise<PlacedOrder>;
}

/** No order came of a request. */
export class OrderNotPlacedError extends Error {
  override name = 'OrderNotPlacedError';
}

const document = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id }
    userErrors { code message field }
  }
}`;

interface Answer {
  readonly placeOrder: {
    readonly order: { readonly id: string } | null;
    readonly userErrors: readonly { readonly code: string; readonly message: string }[];
  } | null;
}

const requestTimeoutMs = 15_000;
const patienceMs = 120_000;
const longestPauseMs = 1_000;
/** What says that the request itself is wrong: to repeat it is of no use. */
const ownFaults = new Set(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN', 'UNAUTHENTICATED']);

export function createOrderClient(processes: ProcessGroup): OrderClient {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (request: TokenRequest, name: string) => {
    const token = tokens.get(name) ?? processes.identity.issueToken(request);
    tokens.set(name, token);
    return token;
  };
  return {
    async place({ accountId, partnerId }, key, input) {
      const token =
        partnerId === null
          ? await tokenOf({ audience: 'product', account: accountId }, accountId)
          : await tokenOf({ audience: 'partner', partner: partnerId }, partnerId);
      const deadline = performance.now() + patienceMs;
      for (let attempts = 1; performance.now() < deadline; attempts += 1) {
        const variables = { input: { idempotencyKey: key, ...input } };
        const answer = await postGraphql<Answer>(
          processes.url,
          token,
          document,
          variables,
          requestTimeoutMs,
        ).catch(() => undefined);
        const placed = answer && orderIn(answer);
        if (placed) return { ...placed, attempts };
        await sleep(Math.min(20 * 2 ** attempts, longestPauseMs));
      }
      throw new OrderNotPlacedError(`The order ${key} was not answered within ${patienceMs / 1000} s`);
    },
  };
}

/** The order of an answer; undefined when it is to be asked for again. */
function orderIn({ data, errors }: GraphqlAnswer<Answer>): Omit<PlacedOrder, 'attempts'> | undefined {
  const fault = errors.find(({ extensions }) => ownFaults.has(extensions.code));
  if (fault) throw new OrderNotPlacedError(`${fault.extensions.code}: ${fault.message}`);
  const { order, userErrors } = data?.placeOrder ?? { order: null, userErrors: [] };
  if (order) return { orderId: order.id };
  const refusal = userErrors.find(({ code }) => code !== 'IDEMPOTENCY_CONFLICT');
  if (refusal) throw new OrderNotPlacedError(`${refusal.code}: ${refusal.message}`);
  return undefined;
}

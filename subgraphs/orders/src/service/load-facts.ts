import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Clock } from '@fulfillment/kernel/domain/clock';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { type OrderError, orderError } from '../domain/order/errors.js';
import type { Buyer, OrderFacts } from '../domain/order/facts.js';
import { deploymentsOf, type OrderRequest } from '../domain/order/judge.js';
import type { OrderFactsStore } from './ports.js';

/** Who asks, and since when. */
export interface Asking {
  readonly viewer: Viewer;
  /** When the request came in: the instant at which grants must hold, and from which new ones do. */
  readonly receivedAt: Date;
}

/** A request with the account that it is for. A product viewer may leave that out: it is the token's. */
export interface AccountRequest extends OrderRequest {
  readonly accountId?: string | null;
}

export interface FactsSource {
  readonly facts: OrderFactsStore;
  readonly clock: Clock;
}

/** The facts, and the instant by the account's own clock that they are judged at. */
export interface LoadedFacts {
  readonly facts: OrderFacts;
  readonly now: Date;
}

/** Loads everything that an order is judged by; null when the viewer may not buy for the account. */
export async function loadFacts(
  { facts: store, clock }: FactsSource,
  { viewer, receivedAt }: Asking,
  request: AccountRequest,
): Promise<LoadedFacts | null> {
  const accountId = accountOf(viewer, request.accountId ?? null);
  const buyer = accountId === null ? null : await store.buyer(viewer, receivedAt, accountId);
  if (buyer === null) return null;
  const deployments = await store.deployments(deploymentsOf(request));
  const products = new Map((await store.products()).map((product) => [product.code, product]));
  const now = await clock.now(buyer.account.id);
  return { now, facts: { today: todayOf(buyer, now), buyer, products, deployments } };
}

/** Says neither whether the account exists nor whose it is. */
export function accountNotFound(): OrderError {
  const message = 'There is no such account that you may buy for; give the id of one in `accountId`.';
  return orderError('ACCOUNT_NOT_FOUND', ['accountId'], message);
}

/** The account that an order is for, if the viewer may name it at all. */
function accountOf(viewer: Viewer, given: string | null): string | null {
  switch (viewer.audience) {
    case 'product': {
      const own = viewer.accountId.toLowerCase();
      return given === null || given.toLowerCase() === own ? own : null;
    }
    case 'internal':
    case 'partner':
      return given !== null && isUuid(given) ? given.toLowerCase() : null;
    default:
      return assertNever(viewer);
  }
}

function todayOf({ account }: Buyer, now: Date): OrderFacts['today'] {
  return localDateAt(now, account.billingTimeZone);
}

import type { TaxRate, TaxRates, TaxRefusal } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Clock } from '@fulfillment/kernel/domain/clock';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import { assertNever, err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { namedDeployment, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { givenAction, type NamedInActions, namedInActions } from '../domain/order/actions/index.js';
import { billingDayOf } from '../domain/order/carry-out.js';
import { effectiveDateOf } from '../domain/order/effective-date.js';
import { type OrderError, orderError } from '../domain/order/errors.js';
import type { Buyer, OrderFacts, SubscriptionFacts } from '../domain/order/facts.js';
import { judgedActions, type OrderRequest } from '../domain/order/judge.js';
import { subscriptionNotFound } from '../domain/order/judge-actions.js';
import { saleOf } from '../domain/order/sale.js';
import type { OrderFactsStore } from './ports.js';

/** Who asks, and since when. */
export interface Asking {
  readonly viewer: Viewer;
  /** When the request came in: the instant at which grants must hold, and from which new ones do. */
  readonly receivedAt: Date;
}

/** A request with the account that it is for, which some may leave out. */
export interface AccountRequest extends OrderRequest {
  readonly accountId?: string | null;
}

export interface FactsSource {
  readonly facts: OrderFactsStore;
  readonly clock: Clock;
  readonly taxRates: TaxRates;
}

/** The facts, and the instant by the account's own clock that they are judged at. */
export interface LoadedFacts {
  readonly facts: OrderFacts;
  readonly now: Date;
}

type Known = Omit<OrderFacts, 'tax'>;

/** Loads everything that an order is judged by; refused when the viewer may not order for the account. */
export async function loadFacts(
  source: FactsSource,
  asking: Asking,
  request: AccountRequest,
): Promise<Result<LoadedFacts, readonly OrderError[]>> {
  const { facts: store, clock } = source;
  const { viewer, receivedAt } = asking;
  const named = namedInActions(judgedActions(request));
  const subscriptions = await store.subscriptions(viewer, receivedAt, named.subscriptionIds);
  const buyer = await loadBuyer(store, asking, request, { named, subscriptions });
  if (buyer === null) return err(notFound(asking, request));
  const now = await clock.now(buyer.account.id);
  const known: Known = {
    today: localDateAt(now, buyer.account.billingTimeZone),
    audience: viewer.audience,
    buyer,
    subscriptions,
    receivers: await store.receivers(viewer, receivedAt, named.receiverIds),
    deployments: await store.deployments(named.deploymentIds),
    namedDeploymentId: namedDeployment(viewer),
    products: new Map((await store.products()).map((product) => [product.code, product])),
  };
  return ok({ now, facts: { ...known, tax: await taxOf(source.taxRates, request, known) } });
}

/** Somebody who names no account, and changes what cannot be seen, is told of that. */
function notFound({ viewer }: Asking, request: AccountRequest): OrderError[] {
  const unseen = judgedActions(request).flatMap((entry, index) => {
    const action = givenAction(entry);
    return action?.kind === 'CHANGE' ? [subscriptionNotFound(['actions', index, action.name])] : [];
  });
  const isNamed = viewer.audience === 'product' || request.accountId != null;
  return isNamed || unseen.length === 0 ? [accountNotFound()] : unseen;
}

/** Says neither whether the account exists nor whose it is. */
function accountNotFound(): OrderError {
  const message = 'There is no such account that you may buy for; give the id of one in `accountId`.';
  return orderError('ACCOUNT_NOT_FOUND', ['accountId'], message);
}

interface Naming {
  readonly named: NamedInActions;
  readonly subscriptions: ReadonlyMap<string, SubscriptionFacts>;
}

/**
 * The buyer of an order. Whoever may change one of the account's subscriptions may do so without being able to sell to the
 * account: then the sale is that of the subscription, and there must be nothing new to be sold.
 */
async function loadBuyer(
  store: OrderFactsStore,
  { viewer, receivedAt }: Asking,
  request: AccountRequest,
  { named, subscriptions }: Naming,
): Promise<Buyer | null> {
  const [first] = named.subscriptionIds.flatMap((id) => subscriptions.get(id) ?? []);
  const accountId = accountOf(viewer, request.accountId ?? first?.parties.accountId ?? null);
  const buyer = accountId === null ? null : await store.buyer(viewer, receivedAt, accountId);
  if (buyer !== null || first === undefined || named.deploymentIds.length > 0) return buyer;
  if (first.parties.accountId !== accountId) return null;
  const { parties, invoiceOwner, billingTimeZone } = first;
  return { account: { id: accountId, billingTimeZone }, parties, invoiceOwner };
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

/** The tax on the sale: every account is a business, and all that is sold is taxed alike. */
function taxOf(
  taxRates: TaxRates,
  request: OrderRequest,
  known: Known,
): Promise<Result<TaxRate, TaxRefusal>> {
  const { invoiceOwner } = saleOf(judgedActions(request), known);
  return taxRates.rateFor({
    legalEntityCode: invoiceOwner.legalEntityCode,
    buyerCountryCode: invoiceOwner.countryCode,
    buyerIsBusiness: true,
    taxCategory: 'STANDARD',
    on: billingDayOf(effectiveDateOf(request, known), known.today),
  });
}

import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { ActionPlace } from './actions/action-setting.js';
import { createSubscription } from './actions/create-subscription.js';
import { actionNames, type GivenAction, type GivenChange, givenAction } from './actions/index.js';
import type { OrderActionInput } from './actions/index.js';
import { carryOut, type JudgedAction, type ProposedAction } from './carry-out.js';
import { type FieldPath, type OrderError, orderError } from './errors.js';
import type { OrderFacts, Sale, SubscriptionFacts } from './facts.js';
import { judgeSale } from './sale.js';

/** What the actions of an order are judged by, besides the facts. */
export interface ActionsSetting {
  readonly effectiveDate: LocalDate;
  readonly sale: Sale;
  /** Null when it is not known: nothing is carried out, and what was read is checked all the same. */
  readonly tax: TaxRate | null;
}

/** What was judged so far. */
interface Judgment {
  readonly actions: readonly JudgedAction[];
  readonly errors: readonly OrderError[];
  /** Each subscription as it stands after the actions so far; null after one of them was refused. */
  readonly standing: ReadonlyMap<string, Agreement | null>;
}

type Outcome = Result<JudgedAction | null, readonly OrderError[]>;

/** Judges actions one after the other, each on what the ones before made of its subscription; gives every error at once. */
export function judgeActions(
  entries: readonly OrderActionInput[],
  facts: OrderFacts,
  setting: ActionsSetting,
): Result<readonly JudgedAction[], readonly OrderError[]> {
  let judgment: Judgment = { actions: [], errors: [], standing: new Map() };
  for (const [index, entry] of entries.entries()) {
    judgment = judgeNext(judgment, entry, index, { facts, ...setting });
  }
  return judgment.errors.length > 0 ? err(judgment.errors) : ok(judgment.actions);
}

type Setting = ActionsSetting & { readonly facts: OrderFacts };

function judgeNext(judgment: Judgment, entry: OrderActionInput, index: number, setting: Setting): Judgment {
  const path = ['actions', index];
  const action = givenAction(entry);
  if (action === null) {
    const message = `Give exactly one of: ${actionNames.join(', ')}.`;
    return { ...judgment, errors: [...judgment.errors, orderError('ACTION_INVALID', path, message)] };
  }
  const place = { path: [...path, action.name], effectiveDate: setting.effectiveDate };
  const otherSale = judgeSale(action, setting.facts, setting.sale, place.path);
  const outcome = otherSale === null ? judgeAction(action, judgment, place, setting) : err([otherSale]);
  return record(judgment, action, outcome);
}

function record(judgment: Judgment, action: GivenAction, outcome: Outcome): Judgment {
  const { actions, errors, standing } = judgment;
  const judged = outcome.ok ? outcome.value : null;
  return {
    actions: judged === null ? actions : [...actions, judged],
    errors: outcome.ok ? errors : [...errors, ...outcome.error],
    standing:
      action.kind === 'CHANGE'
        ? new Map(standing).set(action.subscriptionId, judged?.after ?? null)
        : standing,
  };
}

function judgeAction(action: GivenAction, judgment: Judgment, place: ActionPlace, setting: Setting): Outcome {
  if (action.kind === 'CHANGE') return judgeChange(action, judgment, place, setting);
  const created = createSubscription(action.input, setting.facts, place);
  if (!created.ok) return created;
  const proposed = { subscriptionId: null, baseVersion: null, ...created.value };
  return conclude(proposed, null, place, setting);
}

function judgeChange(
  action: GivenChange,
  { standing, actions }: Judgment,
  place: ActionPlace,
  setting: Setting,
): Outcome {
  const { facts } = setting;
  const subscription = facts.subscriptions.get(action.subscriptionId);
  const field = [...place.path, 'subscriptionId'];
  if (subscription === undefined || subscription.parties.accountId !== facts.buyer.account.id) {
    return err([subscriptionNotFound(place.path)]);
  }
  const isFirst = !standing.has(subscription.id);
  const closed = isFirst
    ? closedError(subscription, facts, field)
    : transferredError(actions, subscription, place);
  if (closed !== null) return err([closed]);
  const before = isFirst ? subscription.agreement : (standing.get(subscription.id) ?? null);
  const agreement = before ?? subscription.agreement;
  const change = action.read({ ...place, facts, subscription, agreement });
  if (!change.ok) return change;
  // An earlier action on it was refused: what this one would come to cannot be said.
  if (before === null) return ok(null);
  const { id: subscriptionId, version: baseVersion } = subscription;
  return conclude(
    { subscriptionId, baseVersion, deployment: null, change: change.value },
    before,
    place,
    setting,
  );
}

/** @param path the action's; says neither whether the subscription exists nor whose it is */
export function subscriptionNotFound(path: FieldPath): OrderError {
  const message = 'The account has no such subscription that you may change; give the id of one.';
  return orderError('SUBSCRIPTION_NOT_FOUND', [...path, 'subscriptionId'], message);
}

/** Why nothing can be ordered for a subscription now. */
function closedError(
  { parties, orderUnderWay }: SubscriptionFacts,
  { audience }: OrderFacts,
  field: FieldPath,
): OrderError | null {
  if (audience === 'product' && parties.partnerId !== null) {
    const message = 'It was bought through a partner: ask that partner to change it.';
    return orderError('SOLD_BY_PARTNER', field, message);
  }
  if (!orderUnderWay) return null;
  const message = 'Another order for the subscription is under way: wait until it is fulfilled.';
  return orderError('SUBSCRIPTION_ORDER_UNDER_WAY', field, message);
}

/** After a transfer another account pays: what is changed then is that account's order. */
function transferredError(
  actions: readonly JudgedAction[],
  { id }: SubscriptionFacts,
  { path }: ActionPlace,
): OrderError | null {
  const isTransferred = actions.some(
    ({ subscriptionId, change }) => subscriptionId === id && change.kind === 'TRANSFER_OWNER',
  );
  if (!isTransferred) return null;
  const message = 'An action before this one gives the subscription away: place a further order for it.';
  return orderError('ACTION_INVALID', path, message);
}

function conclude(
  proposed: ProposedAction,
  before: Agreement | null,
  place: ActionPlace,
  { facts, tax }: Setting,
): Outcome {
  if (tax === null) return ok(null);
  const done = carryOut(proposed, before, { ...place, today: facts.today, tax });
  return done.ok ? done : err([done.error]);
}

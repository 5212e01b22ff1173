import type { OrderHead } from '../placed-order.js';
import type { Refusal } from '../refusal.js';
import type { NewSubscription } from '../subscription.js';
import type { ActionRules, ActionSetting, ChargedFor } from './action-rules.js';
import { createSubscription, type CreateSubscription } from './create-subscription.js';

/** An action of an order, told apart by `kind`: the union of all kinds. */
export type OrderedAction = CreateSubscription;

type Kind = OrderedAction['kind'];
type ActionByKind = { readonly [Action in OrderedAction as Action['kind']]: Action };
type OfKind<K extends Kind> = { [One in K]: { readonly kind: One } & ActionByKind[One] }[K];

/** Every kind of order action with its rules: the compiler names a kind that is missing. */
const actionRules: { readonly [K in Kind]: ActionRules<OfKind<K>> } = {
  CREATE_SUBSCRIPTION: createSubscription,
};

/** Why an action cannot be carried out, whatever it costs; null when it can. */
export function actionRefusal<K extends Kind>(action: OfKind<K>): Refusal | null {
  return actionRules[action.kind].refusal(action);
}

/** What an action charges for. */
export function chargedFor<K extends Kind>(action: OfKind<K>, order: OrderHead): ChargedFor {
  return actionRules[action.kind].chargedFor(action, order);
}

/** The subscriptions that an action creates. */
export function newSubscriptionsOf<K extends Kind>(
  action: OfKind<K>,
  setting: ActionSetting,
): readonly NewSubscription[] {
  return actionRules[action.kind].newSubscriptions(action, setting);
}

import { err, type Result } from '@fulfillment/kernel/domain/result';
import { type OrderError, orderError } from '../errors.js';
import type { OrderFacts } from '../facts.js';
import type { FulfillmentStepKind } from '../fulfillment-step.js';
import type {
  ActionIdentity,
  ActionPlace,
  ActionRules,
  FulfillmentRules,
  JudgedAction,
} from './action-rules.js';
import { createSubscription } from './create-subscription.js';

/** Every kind of order action by the name of its field in the input, with its rules. */
const orderActions = { createSubscription } as const;

type FieldName = keyof typeof orderActions;
type InputOf<Field extends FieldName> = Parameters<(typeof orderActions)[Field]['judge']>[0];
type DetailsOf<Field extends FieldName> =
  (typeof orderActions)[Field] extends ActionRules<never, infer Details> ? Details : never;

/** One entry of an order as it is asked for: exactly one of the fields is to be given. */
export type OrderActionInput = { readonly [Field in FieldName]?: InputOf<Field> | null };

/** What an action does, told apart by `kind`. */
export type OrderActionDetails = DetailsOf<FieldName>;

/** An action of an order. */
export type OrderAction = ActionIdentity & OrderActionDetails;

type Kind = OrderActionDetails['kind'];
type DetailsByKind = { readonly [Details in OrderActionDetails as Details['kind']]: Details };
type OfKind<K extends Kind> = { [One in K]: { readonly kind: One } & DetailsByKind[One] }[K];

/** How each kind of action is fulfilled: the compiler names a kind that is missing. */
const fulfillmentRules: { readonly [K in Kind]: FulfillmentRules<OfKind<K>> } = {
  CREATE_SUBSCRIPTION: createSubscription,
};

/** The steps that the other services tell of an action. */
export function stepsOf({ kind }: { readonly kind: Kind }): readonly FulfillmentStepKind[] {
  return fulfillmentRules[kind].steps;
}

/** The deployment that an action claims while its order is under way; null when it claims none. */
export function claimedDeployment<K extends Kind>(action: OfKind<K>): string | null {
  return fulfillmentRules[action.kind].claimedDeployment(action);
}

/** An entry with the rules of the one action that it gives. */
interface BoundAction<Field extends FieldName = FieldName> {
  readonly field: Field;
  readonly deploymentIds: () => string[];
  readonly judge: (
    facts: OrderFacts,
    place: ActionPlace,
  ) => Result<JudgedAction<OrderActionDetails>, OrderError[]>;
}

/** The deployments whose facts are needed to judge an entry; none when the entry is not one action. */
export function deploymentIdsOf(entry: OrderActionInput): string[] {
  return given(entry).flatMap((action) => action.deploymentIds());
}

/** Judges one entry of an order by the rules of its action. */
export function judgeAction(
  entry: OrderActionInput,
  facts: OrderFacts,
  place: ActionPlace,
): Result<JudgedAction<OrderActionDetails>, OrderError[]> {
  const [action, ...others] = given(entry);
  if (action === undefined || others.length > 0) {
    const message = `Give exactly one of: ${Object.keys(orderActions).join(', ')}.`;
    return err([orderError('ACTION_INVALID', place.path, message)]);
  }
  return action.judge(facts, { ...place, path: [...place.path, action.field] });
}

function given(entry: OrderActionInput): BoundAction[] {
  return (Object.keys(orderActions) as FieldName[]).flatMap((field) => bind(field, entry) ?? []);
}

function bind<Field extends FieldName>(field: Field, entry: OrderActionInput): BoundAction<Field> | null {
  const input: InputOf<Field> | null | undefined = entry[field];
  if (input == null) return null;
  const rules: ActionRules<InputOf<Field>, OrderActionDetails> = orderActions[field];
  return {
    field,
    deploymentIds: () => rules.deploymentIds(input),
    judge: (facts, place) => rules.judge(input, facts, place),
  };
}

import {
  type FulfillmentStep,
  type FulfillmentStepKind,
  fulfillmentStepKinds,
  type ToldStep,
} from './fulfillment-step.js';
import { stepsOf } from './fulfillment-rules.js';
import type { OrderAction } from './order.js';

export type OrderStatus = 'PLACED' | 'FULFILLED' | 'REFUSED';

/** An order as far as its fulfillment goes. */
interface Fulfilling {
  readonly actions: readonly (Pick<OrderAction, 'subscriptionId'> & {
    readonly change: Pick<OrderAction['change'], 'kind'>;
  })[];
  readonly told: readonly ToldStep[];
}

/** How far all the steps of an order are, taken together. */
type Progress = 'UNDER_WAY' | 'ALL_DONE' | 'ONE_REFUSED';

/**
 * The one table of an order's lifecycle: where it goes from each status. FULFILLED and REFUSED are final; a step that is
 * told after that changes nothing of it.
 */
const transitions: Readonly<Record<OrderStatus, Readonly<Record<Progress, OrderStatus>>>> = {
  PLACED: { UNDER_WAY: 'PLACED', ALL_DONE: 'FULFILLED', ONE_REFUSED: 'REFUSED' },
  FULFILLED: { UNDER_WAY: 'FULFILLED', ALL_DONE: 'FULFILLED', ONE_REFUSED: 'FULFILLED' },
  REFUSED: { UNDER_WAY: 'REFUSED', ALL_DONE: 'REFUSED', ONE_REFUSED: 'REFUSED' },
};

/** The kinds of step that the order's actions need, in their order, and how far each is. */
export function fulfillmentOf(order: Fulfilling): FulfillmentStep[] {
  return fulfillmentStepKinds.flatMap((kind) => {
    const needing = order.actions.filter((action) => stepsOf(action).includes(kind));
    return needing.length === 0 ? [] : [stepOf(kind, needing, order.told)];
  });
}

function stepOf(
  kind: FulfillmentStepKind,
  needing: Fulfilling['actions'],
  told: readonly ToldStep[],
): FulfillmentStep {
  const ofKind = told
    .filter((step) => step.kind === kind)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const refused = ofKind.find((step) => step.status === 'REFUSED');
  if (refused) return { kind, status: 'REFUSED', at: refused.at, reason: refused.reason };
  const isDone = needing.every((action) => ofKind.some((step) => isFor(step, action)));
  return {
    kind,
    status: isDone ? 'DONE' : 'PENDING',
    at: isDone ? (ofKind.at(-1)?.at ?? null) : null,
    reason: null,
  };
}

/** The status that follows from what was told. */
export function statusAfter(status: OrderStatus, order: Fulfilling): OrderStatus {
  return transitions[status][progressOf(fulfillmentOf(order))];
}

/** The reason that the first refused step gives; null when none was refused. */
export function refusalReasonOf(order: Fulfilling): string | null {
  const refused = fulfillmentOf(order).find((step) => step.status === 'REFUSED');
  return refused ? (refused.reason ?? `${refused.kind} was refused.`) : null;
}

/** True when a step was done for an action's subscription. */
export function isStepDone(
  told: readonly ToldStep[],
  kind: FulfillmentStepKind,
  action: Pick<OrderAction, 'subscriptionId'>,
): boolean {
  return told.some((step) => step.kind === kind && step.status === 'DONE' && isFor(step, action));
}

/** A step is told once for each subscription: what is told of it later changes nothing. */
export function recordStep(told: readonly ToldStep[], step: ToldStep): readonly ToldStep[] {
  const isTold = told.some(
    ({ kind, subscriptionId }) => kind === step.kind && subscriptionId === step.subscriptionId,
  );
  return isTold ? told : [...told, step];
}

function isFor(step: ToldStep, { subscriptionId }: Pick<OrderAction, 'subscriptionId'>): boolean {
  return step.subscriptionId === null || step.subscriptionId === subscriptionId;
}

function progressOf(steps: readonly FulfillmentStep[]): Progress {
  if (steps.some((step) => step.status === 'REFUSED')) return 'ONE_REFUSED';
  return steps.every((step) => step.status === 'DONE') ? 'ALL_DONE' : 'UNDER_WAY';
}

import type { RatedCharge } from '@fulfillment/kernel/domain/billing/rating';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Result } from '@fulfillment/kernel/domain/result';
import type { OrderError } from '../errors.js';
import type { OrderFacts } from '../facts.js';
import type { FulfillmentStepKind } from '../fulfillment-step.js';

/** A charge of an action, before it has its place in an order. */
export interface ActionCharge extends RatedCharge {
  readonly productCode: string;
  readonly productName: string;
}

/** What every action states besides its own details. */
export interface ActionIdentity {
  readonly id: string;
  /** From 1. */
  readonly position: number;
  /** The subscription that it creates or changes. */
  readonly subscriptionId: string;
}

/** An action that was judged to be right, with what it costs. `Details` is the action but for its identity. */
export interface JudgedAction<Details> {
  readonly details: Details;
  readonly charges: readonly ActionCharge[];
}

/** Where an action stands in the input and when it takes effect. */
export interface ActionPlace {
  /** The path of its input, to which a field's name is added. */
  readonly path: readonly (string | number)[];
  readonly effectiveDate: LocalDate;
}

/** What fulfilling one kind of order action involves. */
export interface FulfillmentRules<Details> {
  /** The steps that the other services tell of it. */
  readonly steps: readonly FulfillmentStepKind[];
  /** The deployment that it claims while its order is under way; null when it claims none. */
  readonly claimedDeployment: (details: Details) => string | null;
}

/**
 * The rules of one kind of order action. A new kind is one new file that exports one of these, and its entry in
 * each table of `actions/index.ts`.
 */
export interface ActionRules<Input, Details> extends FulfillmentRules<Details> {
  /** The deployments whose facts `judge` asks for. */
  readonly deploymentIds: (input: Input) => string[];
  /** Gives every error at once, or the action and what it costs. */
  readonly judge: (
    input: Input,
    facts: OrderFacts,
    place: ActionPlace,
  ) => Result<JudgedAction<Details>, OrderError[]>;
}

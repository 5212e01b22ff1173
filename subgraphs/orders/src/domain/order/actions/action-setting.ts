import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Result } from '@fulfillment/kernel/domain/result';
import type { FieldPath, OrderError } from '../errors.js';
import type { OrderFacts, SubscriptionFacts } from '../facts.js';

/** Where an action stands in the input, and when it takes effect. */
export interface ActionPlace {
  /** The path of its input, to which a field's name is added. */
  readonly path: FieldPath;
  readonly effectiveDate: LocalDate;
}

/** What the input of a change is read by. */
export interface ChangeSetting extends ActionPlace {
  readonly facts: OrderFacts;
  readonly subscription: SubscriptionFacts;
  /** As it stands after the actions before this one. */
  readonly agreement: Agreement;
}

/** Every change names its subscription. */
export interface ChangeInput {
  readonly subscriptionId: string;
}

/**
 * Reads the input of one kind of change into what is to be done to the agreement, with every price frozen; or says all that
 * is wrong with the input. Whether it can be done to the agreement as it stands is asked later, the same way for every kind.
 */
export type ReadChange<Input extends ChangeInput> = (
  input: Input,
  setting: ChangeSetting,
) => Result<AgreementAction, OrderError[]>;

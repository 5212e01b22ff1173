import { applyAction } from '@fulfillment/kernel/domain/agreement/actions/index';
import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import type { AgreementRefusal } from '@fulfillment/kernel/domain/agreement/refusal';
import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { ActionPlace } from './actions/action-setting.js';
import { type OrderError, orderError } from './errors.js';
import type { DeploymentReference, TaxedLine } from './order.js';

/** An action as its input was read. */
export interface ProposedAction {
  /** Null for a subscription that it creates: its id follows from the order's. */
  readonly subscriptionId: string | null;
  readonly baseVersion: number | null;
  readonly deployment: DeploymentReference | null;
  readonly change: AgreementAction;
}

/** An action that was judged to be right, with what it makes of the agreement, and what it costs. */
export interface JudgedAction extends ProposedAction {
  readonly before: Agreement | null;
  readonly after: Agreement;
  readonly lines: readonly TaxedLine[];
}

export interface CarryOutSetting extends ActionPlace {
  /** In the account's billing time zone. */
  readonly today: LocalDate;
  readonly tax: TaxRate;
}

/**
 * Does an action to the agreement as it stands: the same for every kind, and the very thing that subscriptions does with the
 * order. A day in the future is billed as on that day, one in the past as today.
 */
export function carryOut(
  action: ProposedAction,
  before: Agreement | null,
  setting: CarryOutSetting,
): Result<JudgedAction, OrderError> {
  const { effectiveDate: on, today, tax } = setting;
  const after = applyAction(before, action.change, on);
  if (!after.ok) return err(refusalToError(after.error, before, setting));
  const lines = changeLines({ before, after: after.value, on, today: billingDayOf(on, today) });
  const taxed = lines.map((line) => ({ ...line, tax: taxLine(line.amount, tax) }));
  return ok({ ...action, before, after: after.value, lines: taxed });
}

/** The day by which the bills of an order reckon: its own day, or today when it is dated back. */
export function billingDayOf(effectiveDate: LocalDate, today: LocalDate): LocalDate {
  return compareDates(today, effectiveDate) > 0 ? today : effectiveDate;
}

/** A term that ends later is no end yet: then the day of the order is at fault. */
function refusalToError(
  { code, message, field }: AgreementRefusal,
  before: Agreement | null,
  { path, today }: CarryOutSetting,
): OrderError {
  const endsLater =
    before !== null && before.canceledOn === null && compareDates(before.term.endDate, today) > 0;
  if (code === 'SUBSCRIPTION_ENDED' && endsLater) {
    const day = before.term.endDate;
    return orderError(
      'DATE_OUTSIDE_TERM',
      ['effectiveDate'],
      `The term ends on ${day}: give an earlier day, or renew it for that day.`,
    );
  }
  return orderError(code, field === null ? path : [...path, field], message);
}

import type { LocalDate } from '../../calendar.js';
import { err, ok, type Result } from '../../result.js';
import type { Agreement } from '../agreement.js';
import { agreementRefusal, type AgreementRefusal } from '../refusal.js';
import type { AgreementAction, CreateSubscription } from './action.js';
import { refuseOutsideTerm } from './conditions.js';
import { cancel, convertTrial, extendTrial, renew, resume, suspend } from './lifecycle.js';
import { addProduct, changePlan, changeQuantity, removeProduct } from './products.js';
import { changeTerms } from './terms.js';

type Change = Exclude<AgreementAction, CreateSubscription>;
type Kind = Change['kind'];
type ChangeByKind = { readonly [One in Change as One['kind']]: One };
type OfKind<K extends Kind> = { [One in K]: { readonly kind: One } & ChangeByKind[One] }[K];

/** Every kind of action that changes an agreement, with what it makes of it. */
const changes: {
  readonly [K in Kind]: (
    agreement: Agreement,
    action: OfKind<K>,
    on: LocalDate,
  ) => Result<Agreement, AgreementRefusal>;
} = {
  ADD_PRODUCT: addProduct,
  CHANGE_QUANTITY: changeQuantity,
  CHANGE_PLAN: changePlan,
  REMOVE_PRODUCT: removeProduct,
  RENEW: renew,
  SUSPEND: (agreement, _action, on) => suspend(agreement, on),
  RESUME: (agreement, _action, on) => resume(agreement, on),
  CANCEL: cancel,
  // The agreement stays as it is; who has it is not part of it.
  TRANSFER_OWNER: (agreement, _action, on) => {
    const refusal = refuseOutsideTerm(agreement, on);
    return refusal === null ? ok(agreement) : err(refusal);
  },
  CHANGE_TERMS: changeTerms,
  EXTEND_TRIAL: extendTrial,
  CONVERT_TRIAL: convertTrial,
};

/**
 * What an agreement becomes when an action is done to it on a day, or why it cannot be done. Orders asks this to preview and
 * to take an order, subscriptions to carry it out: so both always come to the same.
 * @param agreement null for an action that creates one
 * @param on the day, in the account's billing time zone
 */
export function applyAction(
  agreement: Agreement | null,
  action: AgreementAction,
  on: LocalDate,
): Result<Agreement, AgreementRefusal> {
  if (action.kind === 'CREATE_SUBSCRIPTION') return create(agreement, action, on);
  if (agreement === null) {
    return err(agreementRefusal('SUBSCRIPTION_ENDED', 'There is no such subscription.'));
  }
  return change(agreement, action, on);
}

function change<K extends Kind>(
  agreement: Agreement,
  action: OfKind<K>,
  on: LocalDate,
): Result<Agreement, AgreementRefusal> {
  return changes[action.kind](agreement, action, on);
}

function create(
  present: Agreement | null,
  { agreement }: CreateSubscription,
  on: LocalDate,
): Result<Agreement, AgreementRefusal> {
  if (present !== null) {
    return err(agreementRefusal('NOTHING_CHANGES', 'There is such a subscription already: change it.'));
  }
  if (agreement.term.startDate !== on) {
    const message = `A subscription begins on the day of its order, ${on}.`;
    return err(agreementRefusal('DATE_OUTSIDE_TERM', message));
  }
  const { items } = agreement;
  const codes = new Set(items.map(({ productCode }) => productCode));
  const plans = items.filter(({ productKind }) => productKind === 'PLAN');
  if (codes.size === items.length && plans.length === 1) return ok(agreement);
  return err(
    agreementRefusal(
      'PLAN_INVALID',
      'A subscription needs exactly one plan, and each product once.',
      'items',
    ),
  );
}

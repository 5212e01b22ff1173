import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { mostReviewDays } from '../domain/receivables/kept-draft.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { legalEntityFault, readKnownId } from './billing-answer.js';
import type { HeldDraft, ReviewScope } from './draft-ports.js';
import { ownersOf, postHeld } from './drafts.js';
import type { UnitOfWork } from './ports.js';

/** Posts a draft now, whenever its time comes. */
export async function postInvoice(
  work: UnitOfWork,
  invoiceId: string,
): Promise<Result<string, BillingRefusal>> {
  const held = await holdDraft(work, invoiceId);
  if (!held.ok) return held;
  const { draft } = held.value;
  const at = await work.clock.now(draft.invoiceOwnerAccountId);
  await postHeld(work, [held.value], await ownersOf(work, [held.value]), at);
  return ok(draft.id);
}

/**
 * Throws a draft away. The next run makes it anew from the contract, with what is known of its invoice owner then: the contract says
 * that it is owed, so it cannot be made to disappear.
 */
export async function discardDraftInvoice(
  work: UnitOfWork,
  invoiceId: string,
  person: string,
): Promise<Result<string, BillingRefusal>> {
  const held = await holdDraft(work, invoiceId);
  if (!held.ok) return held;
  const { draft } = held.value;
  await work.drafts.discard(draft.id, person, await work.clock.now(draft.invoiceOwnerAccountId));
  return ok(draft.id);
}

async function holdDraft(work: UnitOfWork, invoiceId: string): Promise<Result<HeldDraft, BillingRefusal>> {
  const id = readKnownId(invoiceId);
  const held = id === null ? null : await work.drafts.lock(id);
  if (held !== null && !held.discarded) return ok(held);
  const field = ['invoiceId'];
  if (held !== null) {
    const message = 'It was thrown away and is being made anew: look at it again in a moment.';
    return err(refusal('INVOICE_NOT_DRAFT', message, field));
  }
  if (id === null || (await work.documents.findInvoice(id)) === null) {
    return err(refusal('INVOICE_NOT_FOUND', 'There is no invoice with this id.', field));
  }
  const message = 'It is posted, and never changes any more: correct it with a credit memo.';
  return err(refusal('INVOICE_NOT_DRAFT', message, field));
}

export interface ReviewPeriodRequest {
  readonly legalEntity?: string | null;
  readonly accountId?: string | null;
  readonly days: number;
}

/**
 * Sets for how many days the invoices of billing runs are looked at before they are posted. Drafts that are there already keep
 * their time.
 */
export async function setInvoiceReviewPeriod(
  work: UnitOfWork,
  request: ReviewPeriodRequest,
  setBy: string,
): Promise<Result<string, BillingRefusal>> {
  if (!Number.isInteger(request.days) || request.days < 0 || request.days > mostReviewDays) {
    const message = `Give 0 to ${mostReviewDays} days; with 0, invoices are posted at once.`;
    return err(refusal('INVALID_VALUE', message, ['days']));
  }
  const scope = await readScope(work, request);
  if (!scope.ok) return scope;
  const setAt = await work.clock.now(null);
  await work.drafts.setReviewPeriod({ scope: scope.value, days: request.days, setBy, setAt });
  return ok(reviewPeriodId(scope.value));
}

/** By what a review period is known: there is one for each legal entity and account. */
export function reviewPeriodId({ kind, id }: ReviewScope): string {
  return `${kind}:${id}`;
}

async function readScope(
  work: UnitOfWork,
  { legalEntity, accountId }: ReviewPeriodRequest,
): Promise<Result<ReviewScope, BillingRefusal>> {
  if ((legalEntity == null) === (accountId == null)) {
    const message = 'Give either a legal entity or an account.';
    return err(refusal('INVALID_VALUE', message, ['legalEntity']));
  }
  if (legalEntity != null) {
    // One that is mistaken would let invoices be posted that nobody has looked at.
    const fault = legalEntityFault(legalEntity);
    return fault === null ? ok({ kind: 'LEGAL_ENTITY', id: legalEntity }) : err(fault);
  }
  const id = readKnownId(accountId ?? '');
  const known = id === null ? undefined : (await work.accounts.find([id])).get(id);
  if (known !== undefined) return ok({ kind: 'ACCOUNT', id: known.id });
  return err(refusal('ACCOUNT_NOT_FOUND', 'There is no account with this id.', ['accountId']));
}

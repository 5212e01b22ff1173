import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { addDays, type LocalDate, localDateAt, startOfDay } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { Account } from '../account.js';
import { type InvoiceDraft, type InvoiceLine, type Totals, totalsOf } from '../invoice.js';

/** The invoice of a billing run while people look at it: it has all its lines, and neither number nor days. Nothing is owed for it. */
export interface KeptDraft extends Totals {
  /** The id that the invoice will have. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly legalEntityCode: string;
  readonly invoiceOwnerAccountId: string;
  readonly partnerId: string | null;
  readonly currency: CurrencyCode;
  /** The day on which the contract made it due: by its tax rate it is taxed. */
  readonly fellDueOn: LocalDate;
  readonly lines: readonly InvoiceLine[];
  readonly draftedAt: Date;
  /** When it is posted by itself. */
  readonly postsAt: Date;
}

/** What an invoice owner's calendar and payment terms say of a document. */
export type OwnerTerms = Pick<Account, 'billingTimeZone' | 'paymentTermsDays'>;

/** How many days drafts may be looked at, at most. */
export const mostReviewDays = 30;

/** When a draft is posted by itself: at the beginning of a day of the invoice owner, so many days after it was made. */
export function postingInstant(
  draftedAt: Date,
  days: number,
  { billingTimeZone }: Pick<OwnerTerms, 'billingTimeZone'>,
): Date {
  return startOfDay(addDays(localDateAt(draftedAt, billingTimeZone), days), billingTimeZone);
}

/** What of an invoice that a run worked out is kept until it is posted. */
export function keptDraft(
  draft: InvoiceDraft,
  facts: Pick<KeptDraft, 'partnerId' | 'fellDueOn' | 'postsAt' | 'subscriptionId'>,
): KeptDraft {
  const { id, legalEntityCode, invoiceOwnerAccountId, currency, lines, net, tax, total } = draft;
  const what = { id, legalEntityCode, invoiceOwnerAccountId, currency, lines, net, tax, total };
  return { ...what, ...facts, draftedAt: draft.postedAt };
}

/** The invoice that a draft becomes when it is posted at an instant: that decides its days, and nothing else of it changes. */
export function invoiceOfDraft(kept: KeptDraft, owner: OwnerTerms, at: Date): InvoiceDraft {
  const { id, legalEntityCode, invoiceOwnerAccountId, currency, lines, net, tax, total } = kept;
  const issuedOn = localDateAt(at, owner.billingTimeZone);
  return {
    id,
    legalEntityCode,
    invoiceOwnerAccountId,
    billingTimeZone: owner.billingTimeZone,
    orderId: null,
    currency,
    postedAt: at,
    issuedOn,
    dueOn: addDays(issuedOn, owner.paymentTermsDays),
    lines,
    net,
    tax,
    total,
  };
}

/**
 * A draft made anew from the same contract lines, taxed as its invoice owner is to be taxed now: what the contract says has not
 * changed, because whatever changes a subscription posts its drafts first. Throws a CurrencyMismatchError.
 */
export function remadeDraft(
  kept: KeptDraft,
  facts: { readonly owner: Account; readonly rate: TaxRate; readonly at: Date; readonly postsAt: Date },
): KeptDraft {
  const lines = kept.lines.map((line) => ({ ...line, tax: taxLine(line.amount, facts.rate) }));
  return {
    ...kept,
    ...totalsOf(lines, kept.currency),
    legalEntityCode: facts.owner.legalEntityCode,
    lines,
    draftedAt: facts.at,
    postsAt: facts.postsAt,
  };
}

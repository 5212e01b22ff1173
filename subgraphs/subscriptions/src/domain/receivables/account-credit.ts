import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { compare, type Money, subtract } from '@fulfillment/kernel/domain/money';

/** What opened a credit. */
export const creditSources = ['CREDIT_MEMO', 'OVERPAYMENT'] as const;
export type CreditSource = (typeof creditSources)[number];

/** Money of an account that we hold. It settles the account's invoices of the same legal entity and currency. */
export interface AccountCredit {
  readonly id: string;
  readonly accountId: string;
  readonly legalEntityCode: string;
  readonly amount: Money;
  readonly source: CreditSource;
  /** The credit memo or the payment. */
  readonly sourceId: string;
  readonly openedAt: Date;
}

/** A credit of which something is left. */
export interface OpenCredit extends AccountCredit {
  readonly remaining: Money;
}

/** An invoice on which something is due. */
export interface OpenInvoice {
  readonly id: string;
  readonly accountId: string;
  readonly legalEntityCode: string;
  readonly dueOn: LocalDate;
  readonly amountDue: Money;
}

/** A part of a credit that settled an invoice, or went back to the customer with a refund. */
export interface CreditUse {
  readonly id: string;
  readonly creditId: string;
  /** One of these is given. */
  readonly invoiceId: string | null;
  readonly refundId: string | null;
  readonly amount: Money;
  readonly usedAt: Date;
}

/** A credit with the id that follows from its source: a document opens one credit. */
export function accountCredit(facts: Omit<AccountCredit, 'id'>): AccountCredit {
  return { ...facts, id: derivedId('account-credit', facts.source, facts.sourceId) };
}

/** A credit of which nothing was used. */
export function openCredit(credit: AccountCredit): OpenCredit {
  return { ...credit, remaining: credit.amount };
}

/**
 * Settles invoices with credits of the same account, legal entity and currency: the oldest credit first, and the invoice that
 * is due first. Nothing is used beyond what is left or due.
 */
export function applyCredits(
  credits: readonly OpenCredit[],
  invoices: readonly OpenInvoice[],
  at: Date,
): CreditUse[] {
  const left = new Map(credits.map(({ id, remaining }) => [id, remaining]));
  const oldestFirst = credits.toSorted(byAge);
  return invoices.toSorted(byDueDay).flatMap((invoice) => {
    let due = invoice.amountDue;
    return oldestFirst
      .filter((credit) => settles(credit, invoice))
      .flatMap((credit) => {
        const amount = smaller(left.get(credit.id) ?? credit.remaining, due);
        if (amount.minor <= 0n) return [];
        left.set(credit.id, subtract(left.get(credit.id) ?? credit.remaining, amount));
        due = subtract(due, amount);
        return [creditUse(credit.id, { invoiceId: invoice.id, refundId: null }, amount, at)];
      });
  });
}

/** Takes an amount out of credits, the oldest first, to be refunded; less when less is left. */
export function refundCredits(
  credits: readonly OpenCredit[],
  refundId: string,
  wanted: Money,
  at: Date,
): CreditUse[] {
  let missing = wanted;
  return credits.toSorted(byAge).flatMap((credit) => {
    const amount = smaller(credit.remaining, missing);
    if (amount.minor <= 0n) return [];
    missing = subtract(missing, amount);
    return [creditUse(credit.id, { invoiceId: null, refundId }, amount, at)];
  });
}

/** A pair of credit and invoice meets once: afterwards the one is used up or the other is settled. So the pair makes the id. */
export function creditUse(
  creditId: string,
  purpose: Pick<CreditUse, 'invoiceId' | 'refundId'>,
  amount: Money,
  usedAt: Date,
): CreditUse {
  const target = purpose.invoiceId ?? purpose.refundId ?? '';
  return { id: derivedId('account-credit-use', creditId, target), creditId, ...purpose, amount, usedAt };
}

function settles(credit: OpenCredit, invoice: OpenInvoice): boolean {
  return (
    credit.accountId === invoice.accountId &&
    credit.legalEntityCode === invoice.legalEntityCode &&
    credit.remaining.currency === invoice.amountDue.currency
  );
}

function byAge(left: OpenCredit, right: OpenCredit): number {
  const difference = left.openedAt.getTime() - right.openedAt.getTime();
  return difference === 0 ? (left.id < right.id ? -1 : 1) : difference;
}

function byDueDay(left: OpenInvoice, right: OpenInvoice): number {
  if (left.dueOn !== right.dueOn) return left.dueOn < right.dueOn ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}

function smaller(left: Money, right: Money): Money {
  return compare(left, right) < 0 ? left : right;
}

import { money, subtract, sum } from '@fulfillment/kernel/domain/money';
import type { Invoice, InvoiceDraft, Payment } from '../domain/invoice.js';
import type { CreditUse } from '../domain/receivables/account-credit.js';
import type { CreditMemoDraft } from '../domain/receivables/credit-memo.js';
import type { PostingPlan } from '../domain/receivables/posting.js';
import { creditMemoPayload, invoicePayload, paymentPayload } from './money-payloads.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';

type Telling = Pick<ReceivablesUnitOfWork, 'documents' | 'moneyEvents'>;

/**
 * Tells of what a posting changed: the documents that it made, worked out from the plan, and older ones that it settled or took
 * credit from, as they stand now.
 * @param numbers of the documents, by their ids
 */
export async function tellPosted(
  work: Telling,
  plan: PostingPlan,
  numbers: ReadonlyMap<string, string>,
  at: Date,
): Promise<void> {
  const numberOf = (id: string) => numbers.get(id) ?? '';
  const usesOfInvoice = usesBy(plan.uses, ({ invoiceId }) => invoiceId);
  const usesOfCredit = usesBy(plan.uses, ({ creditId }) => creditId);
  const creditOf = new Map(plan.credits.map((credit) => [credit.sourceId, credit.id]));
  await Promise.all([
    work.moneyEvents.invoices(
      plan.invoices.map((draft) =>
        invoicePayload(postedInvoice(draft, numberOf(draft.id), usesOfInvoice.get(draft.id) ?? []), at),
      ),
      at,
    ),
    work.moneyEvents.creditMemos(
      plan.creditMemos.map((draft) => {
        const used = usesOfCredit.get(creditOf.get(draft.id) ?? '') ?? [];
        return creditMemoPayload({ ...draft, number: numberOf(draft.id) }, remainingOf(draft, used));
      }),
      at,
    ),
  ]);
  const made = new Set(plan.invoices.map(({ id }) => id));
  const opened = new Set(creditOf.values());
  const voided = plan.creditMemos.flatMap(({ voidsInvoiceId }) => voidsInvoiceId ?? []);
  await tellInvoices(
    work,
    [...settledIds(plan.uses), ...voided].filter((id) => !made.has(id)),
    at,
  );
  await tellCreditMemos(
    work,
    plan.uses.map(({ creditId }) => creditId).filter((id) => !opened.has(id)),
    at,
  );
}

function usesBy(
  uses: readonly CreditUse[],
  keyOf: (use: CreditUse) => string | null,
): Map<string | null, CreditUse[]> {
  const groups = new Map<string | null, CreditUse[]>();
  for (const use of uses) {
    const group = groups.get(keyOf(use));
    if (group === undefined) groups.set(keyOf(use), [use]);
    else group.push(use);
  }
  return groups;
}

function postedInvoice(draft: InvoiceDraft, number: string, uses: readonly CreditUse[]): Invoice {
  const creditsApplied = uses.map(({ creditId, amount, usedAt }) => ({
    creditId,
    amount,
    appliedAt: usedAt,
  }));
  return {
    ...draft,
    number,
    payments: [],
    creditsApplied,
    writtenOff: money(0n, draft.currency),
    voidedBy: null,
  };
}

function remainingOf({ total, currency }: CreditMemoDraft, used: readonly CreditUse[]) {
  return subtract(
    total,
    sum(
      used.map(({ amount }) => amount),
      currency,
    ),
  );
}

/** Tells how a payment stands: all of it there, or a part of it or all gone back. */
export async function tellPayment(
  work: Pick<ReceivablesUnitOfWork, 'payments' | 'moneyEvents'>,
  payment: Payment,
  invoice: Invoice,
  at: Date,
): Promise<void> {
  const refunds = await work.payments.refunds(payment.id);
  await work.moneyEvents.payment(paymentPayload(payment, invoice, refunds), at);
}

/** Tells of the documents that account credit settled or came from, as they stand now. */
export async function tellUses(work: Telling, uses: readonly CreditUse[], at: Date): Promise<void> {
  await tellInvoices(work, settledIds(uses), at);
  await tellCreditMemos(
    work,
    uses.map(({ creditId }) => creditId),
    at,
  );
}

/** Tells how invoices stand now. */
export async function tellInvoices(work: Telling, ids: readonly string[], at: Date): Promise<void> {
  const invoices = await work.documents.findInvoices([...new Set(ids)]);
  await work.moneyEvents.invoices(
    invoices.map((invoice) => invoicePayload(invoice, at)),
    at,
  );
}

async function tellCreditMemos(work: Telling, creditIds: readonly string[], at: Date): Promise<void> {
  const found = await work.documents.findCreditMemos([...new Set(creditIds)]);
  await work.moneyEvents.creditMemos(
    found.map(({ memo, remaining }) => creditMemoPayload(memo, remaining)),
    at,
  );
}

function settledIds(uses: readonly CreditUse[]): string[] {
  return uses.flatMap(({ invoiceId }) => invoiceId ?? []);
}

import { type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import { assertNever } from '@fulfillment/kernel/domain/result';
import { systemRequester } from '../domain/receivables/approval.js';
import { type DunningStep, dunningStepsDue } from '../domain/receivables/dunning.js';
import type { UnitOfWork } from './ports.js';
import type { OverdueInvoice, ReceivablesUnitOfWork } from './receivables-ports.js';
import { addWriteOff } from './write-off.js';

/** The account and its day: by its own clock and calendar. */
export interface DunningDay {
  readonly accountId: string;
  readonly today: LocalDate;
  readonly at: Date;
}

/** Subscriptions that are to be suspended because an invoice stayed unpaid. */
export interface SuspensionAsked {
  readonly invoiceId: string;
  readonly subscriptionIds: readonly string[];
}

/**
 * Takes the steps that are due on the unpaid invoices of an account: writes them down, tells of reminders, and proposes to write
 * off what has been overdue for long. Each step is taken once, so doing it again does nothing.
 * @returns what is to be suspended
 */
export async function runDunning(
  work: Pick<ReceivablesUnitOfWork, 'credits' | 'dunning' | 'approvals' | 'moneyEvents'>,
  { accountId, today, at }: DunningDay,
): Promise<SuspensionAsked[]> {
  await work.credits.lockAccounts([accountId]);
  const suspensions: SuspensionAsked[] = [];
  for (const invoice of await work.dunning.overdueInvoices(accountId, today)) {
    const due = dunningStepsDue({ dueOn: invoice.dueOn, isSettled: false }, today, invoice.taken);
    await work.dunning.record(
      due.map(({ step }) => ({ invoiceId: invoice.id, step, takenOn: today, takenAt: at })),
    );
    for (const step of due) {
      if (step.action === 'SUSPENSION') {
        suspensions.push({ invoiceId: invoice.id, subscriptionIds: invoice.subscriptionIds });
      } else await takeStep(work, invoice, step, at);
    }
  }
  return suspensions;
}

/** As `runDunning`, on the day that it is at the account; nothing for one that is not known. */
export async function dunAccount(work: UnitOfWork, accountId: string): Promise<void> {
  const account = (await work.accounts.find([accountId])).get(accountId);
  if (account === undefined) return;
  const at = await work.clock.now(accountId);
  await runDunning(work, { accountId, today: localDateAt(at, account.billingTimeZone), at });
}

async function takeStep(
  work: Pick<ReceivablesUnitOfWork, 'dunning' | 'approvals' | 'moneyEvents'>,
  invoice: OverdueInvoice,
  step: Exclude<DunningStep, { readonly action: 'SUSPENSION' }>,
  at: Date,
): Promise<void> {
  switch (step.action) {
    case 'REMINDER':
      return work.dunning.reminderSent(
        {
          invoiceId: invoice.id,
          invoiceNumber: invoice.number,
          invoiceOwnerAccountId: invoice.accountId,
          step: step.step,
          dueOn: invoice.dueOn,
          amountDue: moneyToPayload(invoice.amountDue),
        },
        at,
      );
    case 'WRITE_OFF_PROPOSAL':
      return addWriteOff(
        work,
        {
          id: derivedId('write-off', invoice.id, 'dunning'),
          invoiceId: invoice.id,
          amount: invoice.amountDue,
          reason: `Unpaid for ${step.daysAfterDue} days after its due day`,
          requestedBy: systemRequester,
          requestedAt: at,
        },
        invoice.accountId,
      );
    default:
      return assertNever(step);
  }
}

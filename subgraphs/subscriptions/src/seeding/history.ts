import { applyAction } from '@fulfillment/kernel/domain/agreement/actions/index';
import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { SubscriptionStory } from '@fulfillment/kernel/population/story';
import type { Account } from '../domain/account.js';
import { type BilledLine, taxed } from '../domain/billed-line.js';
import { fulfillOrder } from '../domain/fulfillment.js';
import type { PlacedOrder } from '../domain/placed-order.js';
import { draftDocument, type DocumentDraft } from '../domain/receivables/document.js';
import { nextVersion, type SubscriptionIdentity, type SubscriptionVersion } from '../domain/subscription.js';

/** A subscription's whole past: every version, every document, and when each was paid. */
export interface SubscriptionHistory {
  readonly identity: Omit<SubscriptionIdentity, 'number'>;
  readonly versions: readonly [SubscriptionVersion, ...SubscriptionVersion[]];
  readonly documents: readonly PaidDocument[];
  /** The first day that is not billed yet. */
  readonly billedUntil: LocalDate;
}

/** `paidOn` is null while it is not paid in full. */
export interface PaidDocument {
  readonly document: DocumentDraft;
  readonly paidOn: LocalDate | null;
}

export interface HistoryFacts {
  readonly story: SubscriptionStory;
  readonly order: PlacedOrder;
  readonly soldTo: Account;
  readonly invoiceOwner: Account;
  /** The rate of the invoice owner on a day. */
  readonly taxRateOn: (owner: Account, on: LocalDate) => TaxRate;
}

/** Tells what became of an order: its own term, one version and one invoice for each renewal, and an end by dunning. */
export function historyOf(facts: HistoryFacts): SubscriptionHistory {
  const { story, order } = facts;
  const [firstTerm, ...renewals] = story.terms;
  if (!firstTerm) throw new Error(`Order ${order.id} has no term`);
  const { id, deployment, currency, versions: made } = firstOf(facts, firstTerm.recordedAt);
  const versions: [SubscriptionVersion, ...SubscriptionVersion[]] = [...made];
  const documents: PaidDocument[] = [];
  const post = (
    documentId: string,
    orderId: string | null,
    lines: readonly BilledLine[],
    term: { readonly recordedAt: Date; readonly paidOn: LocalDate | null },
  ) => {
    const { invoiceOwner } = facts;
    const document = draftDocument({ id: documentId, orderId, invoiceOwner, lines, at: term.recordedAt });
    if (document !== null) documents.push({ document, paidOn: term.paidOn });
  };
  post(derivedId('invoice', order.id, facts.invoiceOwner.id), order.id, order.charges, firstTerm);
  for (const term of renewals) {
    const before = newestOf(versions);
    const change: AgreementAction = { kind: 'RENEW', termMonths: term.months, quantities: [] };
    const version = changed(before, change, term.startDate, 'AUTO_RENEWAL', term.recordedAt);
    const lines = changeLines({
      before: before.agreement,
      after: version.agreement,
      on: term.startDate,
      today: term.startDate,
    });
    const rate = facts.taxRateOn(facts.invoiceOwner, term.startDate);
    versions.push(version);
    post(
      derivedId('due-document', id, term.startDate),
      null,
      lines.map((line) => taxed(id, line, rate)),
      term,
    );
  }
  const billed = billedUntil(newestOf(versions).agreement, newestOf(versions).effectiveOn);
  if (story.canceledOn !== null) {
    // What was billed beyond it stays demanded: it was ended because nobody paid.
    const cancel: AgreementAction = { kind: 'CANCEL', on: story.canceledOn };
    const at = new Date(`${story.canceledOn}T06:00:00Z`);
    versions.push(changed(newestOf(versions), cancel, story.canceledOn, 'DUNNING', at));
  }
  return { identity: { id, deployment, currency }, versions, documents, billedUntil: billed };
}

/** The subscription that the order creates. */
function firstOf({ order, soldTo, invoiceOwner }: HistoryFacts, at: Date) {
  const accounts = { soldTo, invoiceOwner, known: new Map<string, Account>() };
  const fulfilled = fulfillOrder(order, { accounts, held: new Map(), seatsSettledUntil: new Map() }, at);
  if (!fulfilled.ok) throw new Error(`Order ${order.id}: ${fulfilled.error.message}`);
  const [created] = fulfilled.value.created;
  if (created === undefined) throw new Error(`Order ${order.id} creates no subscription`);
  return created;
}

function changed(
  before: SubscriptionVersion,
  change: AgreementAction,
  on: LocalDate,
  cause: SubscriptionVersion['cause'],
  recordedAt: Date,
): SubscriptionVersion {
  const after = applyAction(before.agreement, change, on);
  if (!after.ok) throw new Error(`${change.kind} on ${on}: ${after.error.message}`);
  const origin = { cause, orderId: null, recordedBy: 'system', recordedAt, effectiveOn: on };
  return nextVersion(before, origin, after.value);
}

function newestOf(versions: readonly [SubscriptionVersion, ...SubscriptionVersion[]]): SubscriptionVersion {
  return versions.at(-1) ?? versions[0];
}

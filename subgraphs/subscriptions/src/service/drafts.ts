import type { InvoicePayload } from '@fulfillment/schema/events/receivables';
import type { Account } from '../domain/account.js';
import {
  invoiceOfDraft,
  type KeptDraft,
  keptDraft,
  type OwnerTerms,
  postingInstant,
  remadeDraft,
} from '../domain/receivables/kept-draft.js';
import { taxRateFor } from './contracts.js';
import type { HeldDraft } from './draft-ports.js';
import type { DueScope } from './due-work-ports.js';
import { draftPayload } from './money-payloads.js';
import { type Bill, type Postable, postablesOf, postAll } from './post-bills.js';
import type { UnitOfWork } from './ports.js';

/**
 * What becomes of the bills of a run: invoices that people want to look at first are kept as drafts; all else is posted. A credit
 * memo is never kept: it takes nothing from anybody.
 */
export async function postOrKeep(work: UnitOfWork, bills: readonly Bill[], at: Date): Promise<void> {
  if (bills.length === 0) return;
  const days = await work.drafts.reviewDays(bills.map(({ invoiceOwner }) => invoiceOwner));
  const [kept, posted]: [KeptDraft[], Postable[]] = [[], []];
  for (const bill of bills) {
    const review = days.get(bill.invoiceOwner.id) ?? 0;
    for (const postable of postablesOf(bill, at)) {
      const draft = review === 0 ? null : toKeep(bill, postable, review);
      if (draft === null) posted.push(postable);
      else kept.push(draft);
    }
  }
  const owners = new Map(bills.map(({ invoiceOwner }) => [invoiceOwner.id, invoiceOwner]));
  await keep(work, kept, owners, at);
  await postAll(work, posted, at);
}

/** Null for what is not kept: a credit memo, and what an order brought about. */
function toKeep(bill: Bill, { document }: Postable, days: number): KeptDraft | null {
  const subscriptionId = bill.lines[0]?.subscriptionId;
  if (document.kind !== 'INVOICE' || bill.fellDueOn === null || subscriptionId === undefined) return null;
  const { draft } = document;
  const postsAt = postingInstant(draft.postedAt, days, draft);
  const { partnerId, fellDueOn } = bill;
  return keptDraft(draft, { partnerId, fellDueOn, subscriptionId, postsAt });
}

async function keep(
  work: UnitOfWork,
  drafts: readonly KeptDraft[],
  owners: ReadonlyMap<string, OwnerTerms>,
  at: Date,
): Promise<void> {
  if (drafts.length === 0) return;
  await work.drafts.put(drafts);
  const payloads = drafts.flatMap((draft): InvoicePayload[] => {
    const owner = owners.get(draft.invoiceOwnerAccountId);
    return owner === undefined ? [] : [draftPayload(invoiceOfDraft(draft, owner, draft.postsAt))];
  });
  await work.moneyEvents.invoices(payloads, at);
}

/**
 * Posts the drafts whose time has come, and makes anew those that somebody threw away, a batch at a time. One transaction moves a
 * draft to the invoices: a process that dies before leaves the draft, and the next run goes on.
 * @returns how many drafts it dealt with; 0 when nothing is to be done
 */
export async function runDrafts(work: UnitOfWork, scope: DueScope, now: Date): Promise<number> {
  const held = await work.drafts.lockDue(scope, now);
  if (held.length === 0) return 0;
  const discarded = held.filter((one) => one.discarded);
  const owners = await ownersOf(work, held);
  await keep(work, await remake(work, discarded, owners, now), owners, now);
  await postHeld(
    work,
    held.filter((one) => !one.discarded),
    owners,
    now,
  );
  return held.length;
}

/**
 * The drafts of subscriptions that are about to change, to be posted before what changes them: so a credit never gives back what
 * was not charged. What was thrown away is made anew on the way.
 */
export async function takeDrafts(
  work: UnitOfWork,
  subscriptionIds: readonly string[],
  at: Date,
): Promise<Postable[]> {
  if (subscriptionIds.length === 0) return [];
  const held = await work.drafts.lockOf(subscriptionIds);
  if (held.length === 0) return [];
  const owners = await ownersOf(work, held);
  const anew = new Map(
    (
      await remake(
        work,
        held.filter(({ discarded }) => discarded),
        owners,
        at,
      )
    ).map((draft) => [draft.id, draft]),
  );
  await work.drafts.remove(held.map(({ draft }) => draft.id));
  return held.map(({ draft }) => toPost(anew.get(draft.id) ?? draft, owners, at));
}

/** Posts drafts that are held. */
export async function postHeld(
  work: UnitOfWork,
  held: readonly HeldDraft[],
  owners: ReadonlyMap<string, Account>,
  at: Date,
): Promise<void> {
  await work.drafts.remove(held.map(({ draft }) => draft.id));
  await postAll(
    work,
    held.map(({ draft }) => toPost(draft, owners, at)),
    at,
  );
}

/** The accounts that pay for drafts. */
export async function ownersOf(
  work: Pick<UnitOfWork, 'accounts'>,
  held: readonly HeldDraft[],
): Promise<ReadonlyMap<string, Account>> {
  return work.accounts.find([...new Set(held.map(({ draft }) => draft.invoiceOwnerAccountId))]);
}

async function remake(
  work: UnitOfWork,
  discarded: readonly HeldDraft[],
  owners: ReadonlyMap<string, Account>,
  at: Date,
): Promise<KeptDraft[]> {
  if (discarded.length === 0) return [];
  const days = await work.drafts.reviewDays([...owners.values()]);
  return Promise.all(
    discarded.map(async ({ draft }) => {
      const owner = ownerOf(draft, owners);
      const { subscriptionId, fellDueOn: on } = draft;
      const rate = await taxRateFor(work, { subscriptionId, invoiceOwner: owner, on });
      const postsAt = postingInstant(at, days.get(owner.id) ?? 0, owner);
      return remadeDraft(draft, { owner, rate, at, postsAt });
    }),
  );
}

function toPost(draft: KeptDraft, owners: ReadonlyMap<string, Account>, at: Date): Postable {
  const document = {
    kind: 'INVOICE' as const,
    draft: invoiceOfDraft(draft, ownerOf(draft, owners), at),
  };
  return { partnerId: draft.partnerId, document };
}

function ownerOf({ id, invoiceOwnerAccountId }: KeptDraft, owners: ReadonlyMap<string, Account>): Account {
  const owner = owners.get(invoiceOwnerAccountId);
  if (owner === undefined) throw new Error(`Account ${invoiceOwnerAccountId} of draft ${id} is not known`);
  return owner;
}

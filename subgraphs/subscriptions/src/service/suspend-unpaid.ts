import { applyAction } from '@fulfillment/kernel/domain/agreement/actions/index';
import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Account } from '../domain/account.js';
import type { DueBill } from '../domain/due-work.js';
import { nextVersion } from '../domain/subscription.js';
import { type Continued, continueContracts, keepContinued, toBills } from './contracts.js';
import { takeDrafts } from './drafts.js';
import { postablesOf, postAll } from './post-bills.js';
import type { HeldSubscription, UnitOfWork } from './ports.js';

/**
 * Suspends what stayed unpaid for longer than the schedule allows, and resumes what was paid since: a version each, with the
 * cause DUNNING. The rest of the period is credited, and charged again from the day of the resumption on. What is to be done
 * follows from what is owed, so doing it again does nothing.
 */
export async function suspendUnpaid(
  work: UnitOfWork,
  { id, billingTimeZone }: Pick<Account, 'id' | 'billingTimeZone'>,
  at: Date,
): Promise<void> {
  const today = localDateAt(at, billingTimeZone);
  await change(work, await work.suspensions.unpaidToSuspend(id, today), 'SUSPEND', at);
  await change(work, await work.suspensions.paidToResume(id, today), 'RESUME', at);
}

/** As `suspendUnpaid`, at the account's own instant; nothing for one that is not known. */
export async function suspendUnpaidOf(work: UnitOfWork, accountId: string): Promise<void> {
  const account = (await work.accounts.find([accountId])).get(accountId);
  if (account !== undefined) await suspendUnpaid(work, account, await work.clock.now(accountId));
}

async function change(
  work: UnitOfWork,
  ids: readonly string[],
  kind: 'SUSPEND' | 'RESUME',
  at: Date,
): Promise<void> {
  if (ids.length === 0) return;
  const held = await work.subscriptions.lock(ids);
  const continued = await continueContracts(work, held, ({ head }) => ({
    through: localDateAt(at, head.billingTimeZone),
    beforeTermEnd: false,
    at,
  }));
  const changed = continued.map((one) => changeOne(one, kind, at));
  await keepContinued(
    work,
    changed.map(({ continued: one }) => one),
    at,
  );
  const extra = await toBills(
    work,
    changed.flatMap(({ bill, continued: { subscription } }) =>
      bill === null ? [] : [{ subscriptionId: subscription.id, bill, purpose: kind }],
    ),
  );
  const drafts = await takeDrafts(work, ids, at);
  const bills = [...changed.flatMap(({ continued: one }) => one.bills), ...extra];
  await postAll(work, [...drafts, ...bills.flatMap((bill) => postablesOf(bill, at))], at);
}

interface Changed {
  readonly continued: Continued;
  readonly bill: DueBill | null;
}

/** A subscription that cannot be suspended or resumed any more, because it ended meanwhile, stays as it is. */
function changeOne(continued: Continued, kind: 'SUSPEND' | 'RESUME', at: Date): Changed {
  const { subscription } = continued;
  const { head } = subscription;
  const on = localDateAt(at, head.billingTimeZone);
  const after = applyAction(head.agreement, { kind }, on);
  if (!after.ok) return { continued, bill: null };
  const origin = {
    cause: 'DUNNING' as const,
    orderId: null,
    recordedBy: 'system',
    recordedAt: at,
    effectiveOn: on,
  };
  const version = nextVersion(head, origin, after.value);
  const lines = changeLines({ before: head.agreement, after: after.value, on, today: on });
  return {
    continued: {
      ...continued,
      subscription: standing(subscription, version, on),
      versions: [...continued.versions, version],
    },
    bill: lines.length === 0 ? null : { on, lines, version },
  };
}

function standing(
  subscription: HeldSubscription,
  head: HeldSubscription['head'],
  on: LocalDate,
): HeldSubscription {
  return { ...subscription, head, billedUntil: billedUntil(head.agreement, on) };
}

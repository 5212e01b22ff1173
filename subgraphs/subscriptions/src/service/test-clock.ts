import { addDays, localDateAt, startOfDay } from '@fulfillment/kernel/domain/calendar';
import type { Account } from '../domain/account.js';
import { runDrafts } from './drafts.js';
import type { DueScope } from './due-work-ports.js';
import { runReconciliations } from './reconcile-seats.js';
import { recognizeRevenue } from './recognize-revenue.js';
import { runDunning } from './run-dunning.js';
import { runDueOrder, runDueSubscriptions } from './run-due.js';
import type { TestClockTarget, UnitOfWork } from './ports.js';
import { suspendUnpaid } from './suspend-unpaid.js';

/** How far a test clock may be moved at once. */
const mostYears = 10;

/** Gives a sandbox account its test clock, which stands at the system's present instant until it is moved. */
export async function startTestClock(work: UnitOfWork, accountId: string): Promise<void> {
  if ((await work.testClocks.find(accountId)) !== null) return;
  await setClock(work, accountId, await work.clock.now(null), 1);
}

/** What is wrong with moving a test clock. */
export type TestClockRefusal = 'TEST_CLOCK_NOT_FOUND' | 'INSTANT_INVALID';

/** Sends a test clock on its way, or says what is wrong. `advanceOnce` moves it. */
export async function sendTestClock(
  work: UnitOfWork,
  accountId: string,
  to: Date,
): Promise<TestClockTarget | TestClockRefusal> {
  const clock = await work.testClocks.find(accountId);
  if (clock === null) return 'TEST_CLOCK_NOT_FOUND';
  const going = await work.testClockTargets.find(accountId);
  const from = going === null || going.target < clock.now ? clock.now : going.target;
  const latest = new Date(clock.now);
  latest.setUTCFullYear(latest.getUTCFullYear() + mostYears);
  if (to <= from || to > latest) return 'INSTANT_INVALID';
  const target = { accountId, target: to, settled: false };
  await work.testClockTargets.put(target);
  return target;
}

/**
 * Moves a test clock to the next instant at which something falls due, or to where it is going, and does what is due then. One
 * step is one transaction: a process that dies on the way loses none, and the next one goes on from there.
 * @returns false once the clock is where it was going and everything on the way is done
 */
export async function advanceOnce(work: UnitOfWork, accountId: string): Promise<boolean> {
  const clock = await work.testClocks.find(accountId);
  const going = await work.testClockTargets.find(accountId);
  const account = (await work.accounts.find([accountId])).get(accountId);
  if (clock === null || going === null || going.settled || account === undefined) return false;
  const due = await nextInstant(work, account, clock.now);
  if (clock.now >= going.target && due !== clock.now) {
    await settleClock(work, account, going);
    return false;
  }
  const next = due !== null && due < going.target ? later(due, clock.now) : going.target;
  if (next > clock.now) await setClock(work, accountId, next, clock.version + 1);
  await doWhatIsDue(work, account, next);
  return true;
}

/** The last step: what was earned until the day before is posted, and the clock is where it was going. */
async function settleClock(work: UnitOfWork, account: Account, going: TestClockTarget): Promise<void> {
  const { id: accountId, legalEntityCode, billingTimeZone } = account;
  const through = addDays(localDateAt(going.target, billingTimeZone), -1);
  await recognizeRevenue(work, { legalEntityCode, accountId, through, at: going.target });
  await work.testClockTargets.put({ ...going, settled: true });
}

/**
 * Suspends and resumes before it duns: in a transaction, subscriptions are always locked before accounts. What dunning asks to
 * suspend is the next step, at the same instant.
 */
async function doWhatIsDue(work: UnitOfWork, account: Account, now: Date): Promise<void> {
  const scope: DueScope = { kind: 'ACCOUNT', accountId: account.id };
  while ((await runDrafts(work, scope, now)) > 0);
  while (await runDueOrder(work, scope, now));
  while ((await runDueSubscriptions(work, scope, now)) > 0);
  while ((await runReconciliations(work, scope, now)) > 0);
  await suspendUnpaid(work, account, now);
  await runDunning(work, {
    accountId: account.id,
    today: localDateAt(now, account.billingTimeZone),
    at: now,
  });
}

/** The next instant at which something may fall due: while an invoice is open, each day is one, because it may be dunned. */
async function nextInstant(work: UnitOfWork, account: Account, now: Date): Promise<Date | null> {
  const today = localDateAt(now, account.billingTimeZone);
  const unpaid = await work.suspensions.unpaidToSuspend(account.id, today);
  const paid = await work.suspensions.paidToResume(account.id, today);
  if (unpaid.length + paid.length > 0) return now;
  const due = earlier(
    await work.subscriptions.nextDueOf(account.id),
    earlier(await work.drafts.nextDueOf(account.id), await work.reconciliations.nextDueOf(account.id)),
  );
  const open = await work.credits.openInvoices([account.id]);
  if (open.length === 0) return due;
  const midnight = startOfDay(addDays(today, 1), account.billingTimeZone);
  return due !== null && due < midnight ? due : midnight;
}

async function setClock(work: UnitOfWork, accountId: string, now: Date, version: number): Promise<void> {
  await work.testClocks.set(accountId, now, version);
  await work.announcements.testClockMoved({ accountId, now: now.toISOString() }, version);
}

function earlier(left: Date | null, right: Date | null): Date | null {
  if (left === null || right === null) return left ?? right;
  return left < right ? left : right;
}

function later(left: Date, right: Date): Date {
  return left > right ? left : right;
}

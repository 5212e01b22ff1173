import type { UsageNoticePayload } from '@fulfillment/schema/events/licenses';
import type { Deployment } from '../domain/deployment.js';
import { type EntitlementFacts } from '../domain/entitlements/compute.js';
import { usedAllowance } from '../domain/allowance/used-allowance.js';
import { seatContractAt } from '../domain/seats/seat-contract.js';
import {
  isOver,
  type MeasuredUse,
  noticeOf,
  stillHolds,
  type Use,
  type UsageNotice,
} from '../domain/usage-notice.js';
import { usageNoticeMail } from '../domain/usage-notice-mail.js';
import type { Mailer } from './delivery-ports.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import { sendMail, type MailKind } from './send-mail.js';
import { licensesItself } from './write-license-file.js';

/** Has whoever runs the deployments told of uses that have reached a threshold, in the transaction in which they did. */
export async function noticeUses(
  { usageNotices, announcements, clock }: UnitOfWork,
  uses: readonly MeasuredUse[],
): Promise<void> {
  const notices = await Promise.all(
    uses.map(async (use) => noticeOf(use, await clock.now(use.deployment.accountId))),
  );
  const reached = notices.filter((notice) => notice !== null);
  if (reached.length === 0) return;
  const [added, at] = [await usageNotices.add(reached), await clock.now(null)];
  await Promise.all(
    added.map(({ id: noticeId, accountId }) => announcements.noticeToSend({ noticeId, accountId }, at)),
  );
}

/**
 * Sends a notice to the people who receive the account's licenses.
 * @throws when it could not be sent
 */
export async function sendUsageNotice(
  run: RunTransaction,
  mailer: Mailer,
  { noticeId }: UsageNoticePayload,
): Promise<void> {
  await sendMail(run, mailer, usageNotices, noticeId);
}

const usageNotices: MailKind<UsageNotice, Deployment> = {
  store: (unit) => unit.usageNotices,
  find: async (unit, notice) => {
    const { deploymentId, accountId } = notice;
    const now = await unit.clock.now(null);
    const [found] = await unit.readerFor(licensesItself, now).deploymentFacts([deploymentId]);
    // Of a month or term that is over nobody needs to be told, nor who no longer runs it, nor who has bought more meanwhile.
    if (found?.deployment.accountId !== accountId) return null;
    const at = await unit.clock.now(accountId);
    return !isOver(notice, at) && stillHolds(notice, useAt(found.facts, notice, at))
      ? found.deployment
      : null;
  },
  write: async (_unit, deployment, notice) => ({
    ...usageNoticeMail(notice, deployment),
    attachments: [],
  }),
};

/** How much is used now of what a notice is about; null when there is nothing of it any more. */
function useAt(facts: EntitlementFacts, { subject }: UsageNotice, at: Date): Use | null {
  if (subject.kind === 'ALLOWANCE') {
    const { facts: present, isGone } = usedAllowance(facts, subject.featureKey, at);
    return isGone ? null : { used: present.used, available: present.allowance };
  }
  const { term, purchased } = seatContractAt(facts.subscriptions, at);
  return term === null ? null : { used: facts.usage.seats?.used ?? 0, available: purchased };
}

import type { UsageNoticePayload } from '@fulfillment/schema/events/licenses';
import { attemptFailed, delivered, superseded, waitsForContact } from '../domain/delivery.js';
import { isOver, type MeasuredUse, noticeOf, type UsageNotice } from '../domain/usage-notice.js';
import { usageNoticeMail } from '../domain/usage-notice-mail.js';
import type { Mail, Mailer } from './delivery-ports.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
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
 * Sends a notice as licenses are sent (`sendLicense`): the mail is handed over outside any transaction. What was sent before, no
 * longer holds or has nobody to receive it is left alone.
 * @throws when it could not be sent: the delivery of the event fails as any other, and comes again
 */
export async function sendUsageNotice(
  run: RunTransaction,
  mailer: Mailer,
  { noticeId }: UsageNoticePayload,
): Promise<void> {
  try {
    const mail = await run((unit) => prepare(unit, noticeId));
    if (mail === null) return;
    await mailer.send(mail);
    const sentTo = mail.to.map(({ email }) => email);
    await run(async (unit) => {
      const at = await unit.clock.now(null);
      await settle(unit, noticeId, (notice) => delivered(notice, at, sentTo));
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await run((unit) => settle(unit, noticeId, (notice) => attemptFailed(notice, message)));
    throw error;
  }
}

/** Writes down what came of an attempt. */
async function settle(
  { usageNotices }: UnitOfWork,
  noticeId: string,
  after: (notice: UsageNotice) => UsageNotice,
): Promise<void> {
  const notice = await usageNotices.hold(noticeId);
  if (notice?.state === 'PENDING') await usageNotices.put(after(notice));
}

/** The mail that is to be handed over; null when there is nothing to send. */
async function prepare(unit: UnitOfWork, noticeId: string): Promise<Mail | null> {
  const notice = await unit.usageNotices.hold(noticeId);
  if (notice?.state !== 'PENDING') return null;
  const { deploymentId, accountId } = notice;
  const now = await unit.clock.now(null);
  const [found] = await unit.readerFor(licensesItself, now).deploymentFacts([deploymentId]);
  // Of a month or term that is over nobody needs to be told, nor who no longer runs it.
  const isTheirs = found?.deployment.accountId === accountId;
  if (!isTheirs || isOver(notice, await unit.clock.now(accountId))) {
    await unit.usageNotices.put(superseded(notice));
    return null;
  }
  await unit.contacts.hold(accountId);
  const contacts = await unit.contacts.of(accountId);
  if (contacts.length === 0) {
    await unit.usageNotices.put(waitsForContact(notice));
    return null;
  }
  const to = contacts.map(({ name, email }) => ({ name, email }));
  return { id: noticeId, to, ...usageNoticeMail(notice, found.deployment), attachments: [] };
}

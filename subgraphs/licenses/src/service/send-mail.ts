import {
  attemptFailed,
  delivered,
  receiversOf,
  superseded,
  waitsForContact,
  waitsForOtherContact,
  type Delivery,
} from '../domain/delivery.js';
import type { Mail, Mailer } from './delivery-ports.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

/** What a mail says, whoever gets it. */
type MailContent = Omit<Mail, 'id' | 'to'>;

/** One kind of mail: how its sending is kept, and what it says. */
export interface MailKind<Kind extends Delivery, Found> {
  readonly store: (unit: UnitOfWork) => {
    hold(id: string): Promise<Kind | null>;
    put(delivery: Kind): Promise<void>;
  };
  /** What it is about; null when another mail says it, or it no longer holds. */
  readonly find: (unit: UnitOfWork, delivery: Kind) => Promise<Found | null>;
  /** Only when there is somebody to receive it. */
  readonly write: (unit: UnitOfWork, found: Found, delivery: Kind) => Promise<MailContent>;
}

/**
 * Sends a mail to the people of the account who receive licenses. It is handed over outside any transaction, between one that writes
 * it and one that says what came of it: a process that dies in between is followed by another attempt at the same mail. What was sent
 * before, or has nobody to receive it, is left alone.
 * @throws when it could not be sent: the delivery of the event fails as any other, and comes again
 */
export async function sendMail<Kind extends Delivery, Found>(
  run: RunTransaction,
  mailer: Mailer,
  kind: MailKind<Kind, Found>,
  id: string,
): Promise<void> {
  const settle = (after: (delivery: Kind, at: Date) => Kind) =>
    run(async (unit) => {
      const store = kind.store(unit);
      const delivery = await store.hold(id);
      if (delivery?.state === 'PENDING') await store.put(after(delivery, await unit.clock.now(null)));
    });
  try {
    const mail = await run((unit) => prepare(unit, kind, id));
    if (mail === null) return;
    await mailer.send(mail);
    const sentTo = mail.to.map(({ email }) => email);
    await settle((delivery, at) => delivered(delivery, at, sentTo));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await settle((delivery) => attemptFailed(delivery, message));
    throw error;
  }
}

/** The mail that is to be handed over; null when there is nothing to send. */
async function prepare<Kind extends Delivery, Found>(
  unit: UnitOfWork,
  { store, find, write }: MailKind<Kind, Found>,
  id: string,
): Promise<Mail | null> {
  const deliveries = store(unit);
  const delivery = await deliveries.hold(id);
  if (delivery?.state !== 'PENDING') return null;
  const found = await find(unit, delivery);
  if (found === null) {
    await deliveries.put(superseded(delivery));
    return null;
  }
  // Those of the account that uses the deployment, and never of who pays.
  await unit.contacts.hold(delivery.accountId);
  const contacts = await unit.contacts.of(delivery.accountId);
  const receivers = receiversOf(contacts, await unit.contacts.payersAddresses(delivery.accountId));
  if (receivers.length === 0) {
    await deliveries.put(contacts.length === 0 ? waitsForContact(delivery) : waitsForOtherContact(delivery));
    return null;
  }
  const to = receivers.map(({ name, email }) => ({ name, email }));
  return { id, to, ...(await write(unit, found, delivery)) };
}

import type { Mail, Mailer } from '../service/delivery-ports.js';

/** Keeps mails for as long as the process lives, by id: for tests, and for tools that start the service without a mail server. */
export interface MemoryMailer extends Mailer {
  readonly sent: ReadonlyMap<string, Mail>;
}

/** @param mostKept the oldest one is forgotten for each one above this */
export function createMemoryMailer(mostKept = 1_000): MemoryMailer {
  const sent = new Map<string, Mail>();
  return {
    sent,
    async send(mail) {
      sent.set(mail.id, mail);
      const [oldest] = sent.keys();
      if (sent.size > mostKept && oldest !== undefined) sent.delete(oldest);
    },
  };
}

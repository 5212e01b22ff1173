import { lineFault, type TextLength } from './line-of-text.js';

const emailLength: TextLength = { minimum: 3, maximum: 254 };

const word = String.raw`[^\s@<>(),;:"[\]\\.]+`;

/**
 * One address as people write it: words with dots between them, an at sign, and a domain with a dot. Whether it is reached, only
 * mail tells.
 */
const emailForm = new RegExp(String.raw`^${word}(\.${word})*@${word}(\.${word})+$`);

/** What a mail server must take, in octets (RFC 5321, 4.5.3.1): of the part before the at sign, and of the whole. */
const longest = { local: 64, whole: 254 };

/**
 * What is wrong with an e-mail address from outside, in a sentence that says how to mend it; null when mail can be sent to
 * it: 3 to 254 octets in UTF-8, 64 of them before the at sign, one address without its display name.
 * @param name the input field that holds it
 */
export function emailFault(email: string, name: string): string | null {
  const fault = lineFault(email, name, emailLength);
  if (fault !== null) return fault;
  if (!emailForm.test(email)) return 'Give one e-mail address, for example ada@example.com.';
  const [local = ''] = email.split('@');
  if (octetsOf(local) <= longest.local && octetsOf(email) <= longest.whole) return null;
  return `\`${name}\` must have ${longest.whole} octets at the most, ${longest.local} of them before the at sign: no mail server takes more.`;
}

function octetsOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The address by which a person is known: without white space around it, in small letters, in Unicode NFC. */
export function normalizedEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

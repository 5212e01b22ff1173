import { lineFault, type TextLength } from './line-of-text.js';

const emailLength: TextLength = { minimum: 3, maximum: 254 };

/** One address as people write it: something, an at sign, and a domain with a dot. Whether it is reached, only mail tells. */
const emailForm = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\.]+(\.[^\s@<>(),;:"[\]\\.]+)+$/;

/**
 * What is wrong with an e-mail address from outside, in a sentence that says how to mend it; null when mail can be sent to
 * it: 3 to 254 UTF-16 units (RFC 5321, 4.5.3.1.3), one address without its display name.
 * @param name the input field that holds it
 */
export function emailFault(email: string, name: string): string | null {
  const fault = lineFault(email, name, emailLength);
  if (fault !== null) return fault;
  return emailForm.test(email) ? null : 'Give one e-mail address, for example ada@example.com.';
}

/** The address by which a person is known: without white space around it, in small letters, in Unicode NFC. */
export function normalizedEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

import { emailFault, normalizedEmail } from '@fulfillment/kernel/domain/email-address';
import { lineFault } from '@fulfillment/kernel/domain/line-of-text';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { FieldPath } from '../order/errors.js';
import { type AccountError, accountError } from './errors.js';

/** Whom we write to about what was bought comes first, then who signs, then who pays. */
export const contactRoles = ['SOLD_TO', 'SIGNATORY', 'BILLING'] as const;
export type ContactRole = (typeof contactRoles)[number];

/** A person as it is to be written to. */
export interface ContactPerson {
  readonly name: string;
  readonly email: string;
  /** The language that the person reads, as a tag of BCP 47 in its canonical form, for example de or pt-BR. */
  readonly language: string;
}

/** The person of one role at an account, from some instant until another one. There is one of each role at a time. */
export interface Contact extends ContactPerson {
  /** Of the role at the account: the same whoever the person is. */
  readonly id: string;
  readonly accountId: string;
  readonly role: ContactRole;
  /** From 1, with every change. */
  readonly version: number;
  readonly since: Date;
  /** The instant at which another one took over; null while it holds. */
  readonly until: Date | null;
  /** The audience and subject of the token by which it was set. */
  readonly setBy: string;
}

/** A person as it is given from outside. */
export interface ContactPersonInput {
  readonly name: string;
  readonly email: string;
  readonly language?: string | null;
}

const nameLength = { minimum: 1, maximum: 255 };
const longestLanguage = 35;
const usualLanguage = 'en';

/**
 * The person that is given, or all that is wrong with it: a name of 1 to 255 characters, one e-mail address, and a language
 * tag of up to 35 characters (RFC 5646, 4.4.1), English when left out.
 * @param path where the person stands in the input
 */
export function judgeContactPerson(
  { name, email, language = null }: ContactPersonInput,
  path: FieldPath = [],
): Result<ContactPerson, AccountError<'INVALID_VALUE'>[]> {
  const tag = language === null ? usualLanguage : canonicalLanguage(language);
  const errors = [
    ['name', lineFault(name, 'name', nameLength)] as const,
    ['email', emailFault(email, 'email')] as const,
    ['language', tag === null ? 'Give a language tag of BCP 47, for example de or pt-BR.' : null] as const,
  ].flatMap(([field, fault]) =>
    fault === null ? [] : [accountError('INVALID_VALUE', [...path, field], fault)],
  );
  return tag === null || errors.length > 0 ? err(errors) : ok({ name, email, language: tag });
}

function canonicalLanguage(tag: string): string | null {
  if (tag.length > longestLanguage) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/** What decides whether a person may receive what an account is sent. */
export interface ContactFacts {
  /** The contact of the role as it stands; null when there is none. */
  readonly present: Contact | null;
  /** The addresses of the contacts of whoever pays for the account, or sells to it, in its place. */
  readonly addressesOfPayers: readonly string[];
}

/**
 * Null, or why this person may not be the account's contact. Licenses go to whoever uses them and never to the partner who
 * pays, so an address of the partner's contacts cannot be the sold-to's.
 */
export function payersAddressError(
  role: ContactRole,
  person: ContactPerson,
  { addressesOfPayers }: Pick<ContactFacts, 'addressesOfPayers'>,
  path: FieldPath = [],
): AccountError<'CONTACT_OF_PAYER'> | null {
  if (role !== 'SOLD_TO') return null;
  const address = normalizedEmail(person.email);
  const isPayers = addressesOfPayers.some((payers) => normalizedEmail(payers) === address);
  return isPayers ? accountError('CONTACT_OF_PAYER', [...path, 'email']) : null;
}

/** A contact is to be set. */
export interface ContactChange {
  readonly accountId: string;
  readonly role: ContactRole;
  readonly person: ContactPerson;
  /** For the first of its role. */
  readonly newId: string;
  readonly at: Date;
  readonly by: string;
}

/**
 * The contact after a change, with the one before as it is kept; null when that is the person already. Their times meet: at
 * every instant there is one of the role at the most.
 */
export function succeeded(
  present: Contact | null,
  { accountId, role, person, newId, at, by }: ContactChange,
): { readonly ended: Contact | null; readonly contact: Contact } | null {
  if (present !== null && isSamePerson(present, person)) return null;
  // A clock that stands still or was set back makes no time of less than nothing.
  const since = present !== null && present.since > at ? present.since : at;
  const contact: Contact = {
    id: present?.id ?? newId,
    accountId,
    role,
    ...person,
    version: (present?.version ?? 0) + 1,
    since,
    until: null,
    setBy: by,
  };
  return { ended: present && { ...present, until: since }, contact };
}

function isSamePerson(left: ContactPerson, right: ContactPerson): boolean {
  return left.name === right.name && left.email === right.email && left.language === right.language;
}

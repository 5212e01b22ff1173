import { emailFault, normalizedEmail } from '@fulfillment/kernel/domain/email-address';
import { lineFault, type TextLength } from '@fulfillment/kernel/domain/line-of-text';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Product } from '../catalog/product.js';
import type { FieldPath } from '../order/errors.js';
import { largestQuantity } from '../order/item.js';
import { type NumberRange, numberError } from '../order/number.js';
import { type LeadError, leadError } from './errors.js';
import type { LeadPerson } from './facts.js';
import type { Lead } from './lead.js';
import { type LeadStatus, movesFrom } from './lifecycle.js';

/** What a person gives who wants to talk to sales. */
export interface SalesContactInput {
  readonly name: string;
  readonly email: string;
  readonly phone?: string | null;
  readonly message?: string | null;
  readonly seats?: number | null;
  readonly planCode?: string | null;
}

/** A request for sales, as it was read. */
export interface SalesContact {
  readonly person: LeadPerson;
  readonly message: string | null;
  readonly seats: number | null;
  readonly planCode: string | null;
}

export const ownerLength: TextLength = { minimum: 1, maximum: 255 };
export const seatsRange: NumberRange = { minimum: 1, maximum: largestQuantity };
const nameLength: TextLength = { minimum: 1, maximum: 255 };
const phoneLength: TextLength = { minimum: 1, maximum: 40 };
const longestMessage = 2_000;

/** The person and what it wants, or all that is wrong with it. */
export function judgeSalesContact(
  input: SalesContactInput,
  products: readonly Product[],
): Result<SalesContact, LeadError[]> {
  const { name, phone = null, message = null, seats = null, planCode = null } = input;
  const email = normalizedEmail(input.email);
  const errors = [
    lineError(name, 'name', nameLength),
    emailError(email),
    phone === null ? null : lineError(phone, 'phone', phoneLength),
    message === null ? null : messageError(message, 'message'),
    numberFault(seats, ['seats'], seatsRange),
    planCode === null || products.some(({ code, kind }) => kind === 'PLAN' && code === planCode)
      ? null
      : leadError('PLAN_NOT_FOUND', ['planCode']),
  ].filter((error) => error !== null);
  if (errors.length > 0) return err(errors);
  return ok({ person: { email, name, phone }, message, seats, planCode });
}

/** What is asked for of a lead. */
export interface LeadChangeInput {
  readonly status?: LeadStatus | null;
  readonly owner?: string | null;
  readonly reason?: string | null;
  readonly expectedVersion?: number | null;
}

/** All that is wrong with a change of a lead as it stands. */
export function leadChangeErrors(
  lead: Pick<Lead, 'status' | 'owner' | 'version'>,
  { status = null, owner = null, reason = null, expectedVersion = null }: LeadChangeInput,
): LeadError[] {
  if (expectedVersion !== null && expectedVersion !== lead.version) {
    const message = `The lead has version ${lead.version} by now: read it again.`;
    return [leadError('LEAD_CHANGED', ['expectedVersion'], message)];
  }
  const changes = (status !== null && status !== lead.status) || (owner !== null && owner !== lead.owner);
  return [
    changes ? null : leadError('NOTHING_CHANGES', [status === null && owner !== null ? 'owner' : 'status']),
    status === null || status === lead.status ? null : moveError(lead.status, status),
    owner === null ? null : lineError(owner, 'owner', ownerLength),
    reason === null ? null : messageError(reason, 'reason'),
    status === 'DISQUALIFIED' && reason === null
      ? leadError('INVALID_VALUE', ['reason'], 'Say in `reason` why it comes to nothing.')
      : null,
  ].filter((error) => error !== null);
}

function moveError(from: LeadStatus, to: LeadStatus): LeadError | null {
  const possible = movesFrom(from);
  if (possible.includes(to)) return null;
  const message =
    possible.length === 0
      ? `A lead that is ${from} stays so.`
      : `A lead that is ${from} can become ${possible.join(', ')}.`;
  return leadError('STATUS_NOT_ALLOWED', ['status'], message);
}

function emailError(email: string): LeadError | null {
  const fault = emailFault(email, 'email');
  return fault === null ? null : leadError('INVALID_VALUE', ['email'], fault);
}

/** What is wrong with one line of text. */
export function lineError(
  text: string,
  name: string,
  length: TextLength,
  field: FieldPath = [name],
): LeadError | null {
  const fault = lineFault(text, name, length);
  return fault === null ? null : leadError('INVALID_VALUE', field, fault);
}

/** A message may have lines and tabs, and no other control characters. */
function messageError(text: string, name: string): LeadError | null {
  if (text.length >= 1 && text.length <= longestMessage && !/[^\P{Cc}\n\r\t]|\p{Cs}/u.test(text)) return null;
  const message = `\`${name}\` must have 1 to ${longestMessage} characters, and no control characters.`;
  return leadError('INVALID_VALUE', [name], message);
}

/** What is wrong with a number that may be left out. */
export function numberFault(
  value: number | null | undefined,
  field: FieldPath,
  range: NumberRange,
): LeadError | null {
  const error = numberError(value, field, range);
  return error === null ? null : leadError('INVALID_VALUE', field, error.message);
}

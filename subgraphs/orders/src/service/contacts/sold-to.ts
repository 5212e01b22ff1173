import { ok, type Result } from '@fulfillment/kernel/domain/result';
import {
  type ContactPerson,
  type ContactPersonInput,
  judgeContactPerson,
} from '../../domain/account/contact.js';
import { type AccountError, accountErrorCodes } from '../../domain/account/errors.js';
import { type OrderError, orderError } from '../../domain/order/errors.js';
import type { OrderParties } from '../../domain/order/order.js';
import type { Asking } from '../load-facts.js';
import type { UnitOfWork } from '../ports.js';
import { contactError, putContact } from './set-contact.js';

/** Who is to receive the licenses of the account that an order is for; null leaves it as it is. */
export interface NamesSoldTo {
  readonly soldToContact?: ContactPersonInput | null;
}

const path = ['soldToContact'];

/** The person that comes with an order, null when none does, or all that is wrong with how the person is given. */
export function judgeSoldTo({
  soldToContact = null,
}: NamesSoldTo): Result<ContactPerson | null, AccountError<'INVALID_VALUE'>[]> {
  return soldToContact === null ? ok(null) : judgeContactPerson(soldToContact, path);
}

/**
 * Null, or why the person cannot be the sold-to contact of an order: the viewer may not set it, or it belongs to whoever pays or
 * sells, by this order too. The account is locked until the transaction ends.
 */
export async function soldToError(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  parties: OrderParties,
  person: ContactPerson | null,
): Promise<OrderError | null> {
  if (person === null) return null;
  const { accountId } = parties;
  if (!(await unit.contacts.lockSettable(viewer, receivedAt, accountId))) {
    return orderError('ACCOUNT_NOT_FOUND', path, accountErrorCodes.ACCOUNT_NOT_FOUND);
  }
  const { error } = await contactError(unit, { accountId, role: 'SOLD_TO', person, viewer, parties }, path);
  return error;
}

/** Sets the sold-to contact that comes with an order; null, or why it cannot be that: then nothing is written. */
export async function setSoldTo(
  unit: UnitOfWork,
  asking: Asking,
  parties: OrderParties,
  person: ContactPerson | null,
): Promise<OrderError | null> {
  const error = await soldToError(unit, asking, parties, person);
  if (error !== null || person === null) return error;
  const { accountId } = parties;
  const set = { accountId, role: 'SOLD_TO', person, viewer: asking.viewer, parties } as const;
  return (await putContact(unit, set, path)).error;
}

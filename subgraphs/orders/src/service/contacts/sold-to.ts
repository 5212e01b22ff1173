import { ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  type ContactPerson,
  type ContactPersonInput,
  judgeContactPerson,
} from '../../domain/account/contact.js';
import { type AccountError, accountErrorCodes } from '../../domain/account/errors.js';
import { type OrderError, orderError } from '../../domain/order/errors.js';
import type { JudgedRequest } from '../judge-request.js';
import type { Asking } from '../load-facts.js';
import type { UnitOfWork } from '../ports.js';
import { contactError, type ContactToSet, putContact } from './set-contact.js';

/** Who is to receive the licenses of the account that an order is for; null leaves it as it is. */
export interface NamesSoldTo {
  readonly soldToContact?: ContactPersonInput | null;
}

/** An order that was judged, and when. */
type Judged = Pick<JudgedRequest, 'draft' | 'now'>;

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
  judged: Judged,
  person: ContactPerson | null,
): Promise<OrderError | null> {
  if (person === null) return null;
  const { accountId } = judged.draft.parties;
  if (!(await unit.contacts.lockSettable(viewer, receivedAt, accountId))) {
    return orderError('ACCOUNT_NOT_FOUND', path, accountErrorCodes.ACCOUNT_NOT_FOUND);
  }
  return (await contactError(unit, soldToOf(judged, person, viewer), path)).error;
}

/** Sets the sold-to contact that comes with an order; null, or why it cannot be that: then nothing is written. */
export async function setSoldTo(
  unit: UnitOfWork,
  asking: Asking,
  judged: Judged,
  person: ContactPerson | null,
): Promise<OrderError | null> {
  const error = await soldToError(unit, asking, judged, person);
  if (error !== null || person === null) return error;
  return (await putContact(unit, soldToOf(judged, person, asking.viewer), path)).error;
}

function soldToOf(
  { draft: { parties }, now: at }: Judged,
  person: ContactPerson,
  viewer: Viewer,
): ContactToSet {
  return { accountId: parties.accountId, role: 'SOLD_TO', person, viewer, order: { parties, at } };
}

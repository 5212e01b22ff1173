import { isUuid } from '@fulfillment/kernel/domain/ids';
import { personOf, type Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  type ContactPerson,
  type ContactPersonInput,
  type ContactRole,
  judgeContactPerson,
  payersAddressError,
  succeeded,
} from '../../domain/account/contact.js';
import { type AccountError, accountError } from '../../domain/account/errors.js';
import type { OrderParties } from '../../domain/order/order.js';
import { callOnce, type Keyed } from '../call-once.js';
import { recordTrialsOf } from '../leads/record-trial.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { promiseContact } from '../promises.js';

export interface SetContactRequest extends Keyed, ContactPersonInput {
  /** A product viewer may leave it out: it is the account of the token. */
  readonly accountId?: string | null;
  readonly role: ContactRole;
}

/** Which contact of which account it is now, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface SetContactAnswer {
  readonly set: { readonly accountId: string; readonly contactId: string } | null;
  readonly errors: readonly AccountError[];
}

/** Says who is written to at an account from now on. The one before is kept, with the time until which. */
export async function setContact(
  run: RunTransaction,
  asking: Asking,
  request: SetContactRequest,
): Promise<SetContactAnswer> {
  return callOnce(
    run,
    asking,
    'setContact',
    request,
    (unit) => set(unit, asking, request),
    (error) => refused([error]),
  );
}

async function set(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  { accountId: given = null, role, ...person }: SetContactRequest,
): Promise<SetContactAnswer> {
  const accountId = accountNamed(viewer, given);
  const settable = accountId !== null && (await unit.contacts.lockSettable(viewer, receivedAt, accountId));
  const judged = judgeContactPerson(person);
  const errors = [
    ...(settable ? [] : [accountError('ACCOUNT_NOT_FOUND', ['accountId'])]),
    ...(judged.ok ? [] : judged.error),
  ];
  if (accountId === null || !settable || !judged.ok) return refused(errors);
  const { error, contactId } = await putContact(unit, { accountId, role, person: judged.value, viewer });
  return error === null ? { set: { accountId, contactId }, errors: [] } : refused([error]);
}

export interface ContactToSet {
  readonly accountId: string;
  readonly role: ContactRole;
  readonly person: ContactPerson;
  readonly viewer: Viewer;
  /**
   * The order that the person comes with: who pays and sells by it counts before it is placed, and what follows from the contact is
   * no later than it.
   */
  readonly order?: { readonly parties: OrderParties; readonly at: Date };
}

/** The contact as it stands, and why a person may not be it; null when nothing speaks against it. */
export async function contactError(
  { contacts }: UnitOfWork,
  { accountId, role, person, order }: ContactToSet,
  path: readonly string[] = [],
) {
  const facts = await contacts.facts(accountId, role, order?.parties ?? null);
  return { present: facts.present, error: payersAddressError(role, person, facts, path) };
}

/**
 * Writes a contact that was judged, with its account locked (`lockSettable`, or opened in this transaction), and tells the
 * other services. The same person again changes nothing.
 * @param path where the person stands in the input
 * @returns the contact's id, or why the person may not be it: then nothing is written
 */
export async function putContact(unit: UnitOfWork, toSet: ContactToSet, path: readonly string[] = []) {
  const { present, error } = await contactError(unit, toSet, path);
  if (error !== null) return { error, contactId: null };
  const { accountId, role, person, viewer, order } = toSet;
  const at = order?.at ?? (await unit.clock.now(accountId));
  const change = { accountId, role, person, newId: unit.newId(), at, by: personOf(viewer) };
  const step = succeeded(present, change);
  if (step !== null) {
    await unit.contacts.save(step.contact, step.ended);
    await promiseContact(unit, step.contact);
    await recordTrialsOf(unit, accountId, at);
  }
  return { error: null, contactId: step?.contact.id ?? present?.id ?? change.newId };
}

/** The account whose contact is set, if it can be one at all: a product viewer's is its own. */
function accountNamed(viewer: Viewer, given: string | null): string | null {
  if (given !== null) return isUuid(given) ? given.toLowerCase() : null;
  return viewer.audience === 'product' ? viewer.accountId.toLowerCase() : null;
}

function refused(errors: readonly AccountError[]): SetContactAnswer {
  return { set: null, errors };
}

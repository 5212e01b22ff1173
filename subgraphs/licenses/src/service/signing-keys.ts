import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { refusal, type Refusal } from '../domain/refusal.js';
import { overlapMilliseconds, signingKeyAt, type SigningKey } from '../domain/signing/signing-key.js';
import { textRefusal } from '../domain/text.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import type { KeyRing } from './signing-ports.js';

/**
 * Sees to it that there is a key that signs now and that the ring holds: at the first start there is none, and a ring may
 * have lost its keys. Whoever starts at the same moment waits for the first.
 */
export async function ensureSigningKey(unit: UnitOfWork, ring: KeyRing): Promise<void> {
  const now = await unit.clock.now(null);
  const present = signingKeyAt(await unit.signingKeys.hold(), now);
  if (present !== null && (await ring.holds(present.id))) return;
  await addKey(unit, ring, now, now);
}

/** Makes a key that signs from a day later on. Its id is the outcome. */
export function rotateSigningKey(
  run: RunTransaction,
  ring: KeyRing,
  asking: Asking,
  request: Keyed,
): Promise<Result<string, Refusal>> {
  return callOnce(run, asking, 'rotateSigningKey', request, async (unit) => {
    await unit.signingKeys.hold();
    const now = await unit.clock.now(null);
    const { id } = await addKey(unit, ring, now, new Date(now.getTime() + overlapMilliseconds));
    return ok(id);
  });
}

export interface RevokeSigningKeyRequest extends Keyed {
  readonly keyId: string;
  readonly reason: string;
}

/** Declares a key to be no longer believed. Another one signs from now on: one that waits for its day, or a new one. */
export function revokeSigningKey(
  run: RunTransaction,
  ring: KeyRing,
  asking: Asking,
  request: RevokeSigningKeyRequest,
): Promise<Result<string, Refusal>> {
  return callOnce(run, asking, 'revokeSigningKey', request, async (unit) => {
    const { keyId, reason } = request;
    const reasonRefusal = textRefusal(reason, 'reason');
    if (reasonRefusal !== null) return err(reasonRefusal);
    const keys = await unit.signingKeys.hold();
    const key = keys.find(({ id }) => id === keyId);
    if (key === undefined) return err(refusal('SIGNING_KEY_NOT_FOUND', ['keyId']));
    if (key.revocation !== null) return err(refusal('SIGNING_KEY_REVOKED', ['keyId']));
    const now = await unit.clock.now(null);
    await unit.signingKeys.revoke(keyId, { at: now, reason });
    if (signingKeyAt(keys, now)?.id === keyId) await succeed(unit, ring, keys, now);
    return ok(keyId);
  });
}

/** A retired key does not come back into use: the next one signs earlier than it was to, or a new one is made. */
async function succeed(unit: UnitOfWork, ring: KeyRing, keys: readonly SigningKey[], now: Date) {
  const next = keys.find(({ revocation, signsFrom }) => revocation === null && signsFrom > now);
  if (next !== undefined && (await ring.holds(next.id))) await unit.signingKeys.signFrom(next.id, now);
  else await addKey(unit, ring, now, now);
}

async function addKey(unit: UnitOfWork, ring: KeyRing, now: Date, signsFrom: Date): Promise<SigningKey> {
  const key = { ...(await ring.create()), createdAt: now, signsFrom, revocation: null };
  await unit.signingKeys.add(key);
  return key;
}

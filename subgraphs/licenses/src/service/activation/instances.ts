import { isUuid } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { stateOfCode } from '../../domain/activation/activation-code.js';
import { readCode } from '../../domain/activation/code-text.js';
import type { Instance, InstanceEnd } from '../../domain/activation/instance.js';
import { holderOf, idRefusal, instanceLimit, slotRefusal } from '../../domain/activation/slots.js';
import type { Deployment } from '../../domain/deployment.js';
import { refusal, type Refusal } from '../../domain/refusal.js';
import { textRefusal } from '../../domain/text.js';
import { callOnce, type Asking, type Keyed } from '../call-once.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { endSeatReports } from '../record-seats.js';
import type { IssuedLicenseFile, Signing } from '../write-license-file.js';
import { filesFor, standingOf, type InstanceFiles, type Standing } from './instance-files.js';
import type { OfDeployment, SecretMaker } from './ports.js';

/** What makes secrets and what signs files. */
export interface Tools extends Signing {
  readonly secrets: SecretMaker;
}

/** An instance that is active now. `secret` is null when it can not be told any more: the ring that made it is another one. */
export interface ActivatedInstance {
  readonly id: string;
  readonly secret: string | null;
  readonly licenseFile: IssuedLicenseFile | null;
  readonly nextLicenseFile: IssuedLicenseFile | null;
}

export interface ActivateInstanceRequest extends Keyed {
  readonly code: string;
  readonly instanceId: string;
  readonly hostName: string;
  readonly version: string;
}

/** Activates an instance on the license of the code's deployment. Of several that want the last slot, the first one gets it. */
export async function activateInstance(
  run: RunTransaction,
  tools: Tools,
  asking: Asking,
  request: ActivateInstanceRequest,
): Promise<Result<ActivatedInstance, Refusal>> {
  const { code: text, instanceId, hostName, version } = request;
  const activated = await callOnce(run, asking, 'activateInstance', request, async (unit) => {
    const fault = placeRefusal({ instanceId, hostName, version }, ['instanceId', 'hostName', 'version']);
    if (fault !== null) return err(fault);
    const code = readCode(text);
    // The index finds a hash, which whoever tries codes can not steer: the time that it takes tells nothing of a code.
    const found = code === null ? null : await unit.activations.codeByHash(tools.secrets.hash(code), asking);
    if (found === null) return err(refusal('ACTIVATION_CODE_INVALID', ['code']));
    const at = await unit.clock.now(found.deployment.accountId);
    const state = stateOfCode(found, at);
    if (state === 'EXPIRED') return err(refusal('ACTIVATION_CODE_EXPIRED', ['code']));
    if (state !== 'OPEN') return err(refusal('ACTIVATION_CODE_REVOKED', ['code']));
    const standing = await standingOf(unit, found.deployment, at);
    const place = { instanceId, hostName, version, activationCodeId: found.id };
    return enter(unit, tools, standing, place, { slot: 'code', instanceId: 'instanceId' }, null);
  });
  return tellSecret(tools, activated);
}

export interface TransferInstanceRequest extends Keyed {
  readonly id: string;
  /** Null for an administrator. */
  readonly secret: string | null;
  readonly toInstanceId: string;
  readonly toHostName: string;
  readonly toVersion: string;
}

/** Ends an instance and activates another one in its slot, which nobody else can get in between. */
export async function transferInstance(
  run: RunTransaction,
  tools: Tools,
  asking: Asking,
  request: TransferInstanceRequest,
): Promise<Result<ActivatedInstance, Refusal>> {
  const place = {
    instanceId: request.toInstanceId,
    hostName: request.toHostName,
    version: request.toVersion,
  };
  const transferred = await callOnce(run, asking, 'transferInstance', request, async (unit) => {
    const fault = placeRefusal(place, ['toInstanceId', 'toHostName', 'toVersion']);
    if (fault !== null) return err(fault);
    const found = await findInstance(unit, tools.secrets, asking, request);
    if (!found.ok) return found;
    const { deployment, activationCodeId } = found.value;
    const standing = await standingOf(unit, deployment, await unit.clock.now(deployment.accountId));
    const fields = { slot: 'id', instanceId: 'toInstanceId' };
    return enter(unit, tools, standing, { ...place, activationCodeId }, fields, found.value);
  });
  return tellSecret(tools, transferred);
}

export interface DeactivateInstanceRequest extends Keyed {
  readonly id: string;
  /** Null for an administrator. */
  readonly secret: string | null;
}

/** Gives a slot back. The outcome is the instance's id. */
export function deactivateInstance(
  run: RunTransaction,
  secrets: SecretMaker,
  asking: Asking,
  request: DeactivateInstanceRequest,
): Promise<Result<string, Refusal>> {
  return callOnce(run, asking, 'deactivateInstance', request, async (unit) => {
    const found = await findInstance(unit, secrets, asking, request);
    if (!found.ok) return found;
    const instance = found.value;
    await end(
      unit,
      instance,
      instance.deployment,
      'DEACTIVATED',
      await unit.clock.now(instance.deployment.accountId),
    );
    return ok(instance.id);
  });
}

/** An instance by its id; with a secret, which must be its own. It is not ended, and locked with its deployment. */
async function findInstance(
  { activations }: UnitOfWork,
  secrets: SecretMaker,
  asking: Asking,
  { id, secret }: { readonly id: string; readonly secret: string | null },
): Promise<Result<OfDeployment<Instance>, Refusal>> {
  const instance = isUuid(id) ? await activations.instance(id, asking) : null;
  if (instance === null) return err(refusal('INSTANCE_NOT_FOUND', ['id']));
  const unknown = identityRefusal(secrets, instance, secret);
  return unknown === null ? ok(instance) : err(unknown);
}

/**
 * Why whoever gives an instance's id may not act for it: the secret must be its own, and it must not be ended.
 * @param secret null for an administrator, who needs none
 */
export function identityRefusal(
  secrets: SecretMaker,
  instance: Instance,
  secret: string | null,
): Refusal | null {
  // A wrong secret is answered as an instance that does not exist, whatever became of it.
  if (secret !== null && !secrets.matches(secret, instance.secretHash)) {
    return refusal('INSTANCE_NOT_FOUND', ['id']);
  }
  return instance.ended === null ? null : refusal('INSTANCE_ENDED', ['id']);
}

type Place = Pick<Instance, 'instanceId' | 'hostName' | 'version' | 'activationCodeId'>;

type Entered = InstanceFiles & { readonly id: string; readonly secretHash: string };

/**
 * Lets an instance into a slot.
 * @param fields where the input names the slot and the instance's own id
 * @param before the instance whose slot it takes over; null for one that asks for a slot of its own
 */
async function enter(
  unit: UnitOfWork,
  tools: Tools,
  standing: Standing,
  place: Place,
  fields: { readonly slot: string; readonly instanceId: string },
  before: Instance | null,
): Promise<Result<Entered, Refusal>> {
  const { at, deployment, licenses } = standing;
  // A buyer whose day begins before that of UTC is served at once: the license begins within hours.
  if ((licenses.present ?? licenses.next) === null || standing.hasEnded) {
    return err(refusal('LICENSE_NOT_IN_FORCE', [fields.slot]));
  }
  const slots = await slotsOf(unit, standing);
  const holder = holderOf(slots.instances, place.instanceId, before?.id ?? null);
  const refused =
    idRefusal(holder, at, fields.instanceId) ?? slotRefusal(slots, before?.id ?? null, fields.slot);
  if (refused !== null) return err(refused);
  // Whoever goes by the id is silent: the instance was set up anew.
  if (holder !== null) await end(unit, holder, deployment, 'DEACTIVATED', at);
  if (before !== null) await end(unit, before, deployment, 'TRANSFERRED', at);
  const id = unit.newId();
  const { hash: secretHash } = await tools.secrets.secretOf(id);
  const instance = { ...place, id, secretHash, deploymentId: deployment.id, activatedAt: at, lastSeenAt: at };
  await unit.activations.addInstance({ ...instance, ended: null });
  return ok({ id, secretHash, ...(await filesFor(unit, tools, standing, instance)) });
}

/** An instance that is ended takes no seats from then on; what it reported before counts for the maximum. */
async function end(
  unit: UnitOfWork,
  { id, instanceId }: Instance,
  deployment: Deployment,
  cause: InstanceEnd,
  at: Date,
): Promise<void> {
  await unit.activations.endInstance(id, at, cause);
  await endSeatReports(unit, deployment, instanceId);
}

export async function slotsOf({ activations }: UnitOfWork, { deployment, entitlements, at }: Standing) {
  const instances = await activations.instancesOf(deployment.id);
  return { limit: instanceLimit(entitlements.features), instances, at };
}

async function tellSecret(
  { secrets }: Tools,
  entered: Result<Entered, Refusal>,
): Promise<Result<ActivatedInstance, Refusal>> {
  if (!entered.ok) return entered;
  const { secretHash, ...activated } = entered.value;
  const { text } = await secrets.secretOf(activated.id);
  return ok({ ...activated, secret: secrets.matches(text, secretHash) ? text : null });
}

export const hostLength = { minimum: 1, maximum: 253 };
export const versionLength = { minimum: 1, maximum: 64 };

/** @param fields what the input calls the instance's id, its host and its version */
function placeRefusal(
  { instanceId, hostName, version }: Pick<Place, 'instanceId' | 'hostName' | 'version'>,
  [idField, hostField, versionField]: readonly [string, string, string],
): Refusal | null {
  return (
    textRefusal(instanceId, idField) ??
    textRefusal(hostName, hostField, hostLength) ??
    textRefusal(version, versionField, versionLength)
  );
}

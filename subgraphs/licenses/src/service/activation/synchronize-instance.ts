import { isUuid } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { stateOfInstance, type Instance } from '../../domain/activation/instance.js';
import { slotRefusal } from '../../domain/activation/slots.js';
import { computeEntitlements } from '../../domain/entitlements/compute.js';
import type { Seats } from '../../domain/entitlements/seats.js';
import { refusal, type Refusal } from '../../domain/refusal.js';
import { textRefusal } from '../../domain/text.js';
import { callOnce, type Asking, type Keyed } from '../call-once.js';
import type { OfAccount, RunTransaction, UnitOfWork } from '../ports.js';
import { recordSeats, refreshSeats, refusedAmong } from '../record-seats.js';
import { recordToldUses, refusedUseAmong, type ToldFeatureUse } from '../told-feature-uses.js';
import type { StoredSeatUse } from '../seat-ports.js';
import { fetchFiles, standingBy, type InstanceFiles, type Standing } from './instance-files.js';
import { samplesOf, type InstanceSeats } from './instance-seats.js';
import { hostLength, identityRefusal, slotsOf, versionLength, type Tools } from './instances.js';
import type { OfDeployment } from './ports.js';

export interface SynchronizeInstanceRequest extends Keyed {
  readonly id: string;
  readonly secret: string;
  readonly version: string;
  /** Null: it has not changed. */
  readonly hostName: string | null;
  readonly seats: readonly InstanceSeats[];
  readonly featureUse: readonly ToldFeatureUse[];
}

/** What an instance gets for telling that it is there. */
export interface SynchronizedInstance extends InstanceFiles {
  readonly id: string;
  readonly deploymentId: string;
  /** Of features that it told of, those that the price list does not know as limits. */
  readonly unknownFeatureKeys: readonly string[];
  /** How it stands now; null in a retry, which is told what it was given, and finds the rest as it is by then. */
  readonly left: { readonly instance: OfAccount<Instance>; readonly seats: Seats } | null;
}

/**
 * Takes down that an instance was heard of, and gives it its present license; none when the deployment has none any more. One that was
 * silent takes a slot again, when one is free.
 */
export async function synchronizeInstance(
  run: RunTransaction,
  tools: Tools,
  asking: Asking,
  request: SynchronizeInstanceRequest,
): Promise<Result<SynchronizedInstance, Refusal>> {
  let left: SynchronizedInstance['left'] = null;
  const synchronized = await callOnce(run, asking, 'synchronizeInstance', request, async (unit) => {
    const fault = requestRefusal(request);
    if (fault !== null) return err(fault);
    const found = isUuid(request.id) ? await unit.activations.instanceInFull(request.id, asking) : null;
    if (found === null) return err(refusal('INSTANCE_NOT_FOUND', ['id']));
    const { instance } = found;
    const unknown = identityRefusal(tools.secrets, instance, request.secret);
    if (unknown !== null) return err(unknown);
    const at = await unit.clock.now(instance.deployment.accountId);
    const standing = standingBy(found, at);
    const wasSilent = stateOfInstance(instance, at) === 'SILENT';
    if (wasSilent) {
      const noSlot = slotRefusal(await slotsOf(unit, standing), instance.id, 'id');
      if (noSlot !== null) return err(noSlot);
    }
    const wrongUse = featureUseRefusal(request, at);
    if (wrongUse !== null) return err(wrongUse);
    const reported = await reportOf(unit, request, instance, standing);
    if (!reported.ok) return reported;
    const unknownFeatureKeys = await recordToldUses(unit, instance.deployment, request.featureUse, at);
    const { given, ...fetched } = await fetchFiles(unit, tools, standing, found);
    const { version, hostName } = { ...request, hostName: request.hostName ?? instance.hostName };
    const seen = { lastSeenAt: at, version, hostName };
    await unit.activations.see(instance.id, { ...seen, ...fetched });
    const { accountId, id: deploymentId } = instance.deployment;
    // What it told before it fell silent counts again.
    const again = wasSilent ? (await refreshSeats(unit, [instance.deployment])).get(deploymentId) : undefined;
    const seats = seatsLeft(standing, again ?? reported.value);
    left = { instance: { ...instance, ...seen, accountId }, seats };
    return ok({ id: instance.id, deploymentId: instance.deploymentId, unknownFeatureKeys, ...given });
  });
  return synchronized.ok ? ok({ ...synchronized.value, left }) : synchronized;
}

function requestRefusal({ version, hostName }: SynchronizeInstanceRequest): Refusal | null {
  return (
    textRefusal(version, 'version', versionLength) ?? textRefusal(hostName ?? '-', 'hostName', hostLength)
  );
}

const mostFeatureUses = 1_000;

function featureUseRefusal({ featureUse }: SynchronizeInstanceRequest, at: Date): Refusal | null {
  if (featureUse.length > mostFeatureUses) {
    const message = `\`featureUse\` must have ${mostFeatureUses} entries at the most.`;
    return refusal('INVALID_VALUE', ['featureUse'], message);
  }
  const refused = refusedUseAmong(featureUse, at);
  if (refused === null) return null;
  const { index, field, message } = refused;
  return refusal('INVALID_VALUE', ['featureUse', String(index), field], message);
}

/** Records what an instance tells of its users; all of it or nothing. Null when it tells nothing. */
async function reportOf(
  unit: UnitOfWork,
  { seats }: SynchronizeInstanceRequest,
  { instanceId, deployment }: OfDeployment<Instance>,
  { entitlements, at }: Standing,
): Promise<Result<StoredSeatUse | null, Refusal>> {
  if (seats.length === 0) return ok(null);
  const samples = samplesOf(seats, instanceId, entitlements.validFrom, at);
  if (!samples.ok) return samples;
  const refused = refusedAmong(samples.value, at);
  if (refused !== null) {
    const { index, field, message } = refused;
    const given = field === 'takenAt' || field === 'maximum' ? field : 'counts';
    return err(refusal('INVALID_VALUE', ['seats', String(index), given], message));
  }
  const uses = await recordSeats(unit, [{ deployment, samples: samples.value }]);
  return ok(uses.get(deployment.id) ?? null);
}

/** The seats as they stand after a report. */
function seatsLeft({ facts: { facts }, entitlements, at }: Standing, reported: StoredSeatUse | null): Seats {
  if (reported === null) return entitlements.seats;
  return computeEntitlements({ ...facts, usage: { ...facts.usage, seats: reported } }, at).seats;
}

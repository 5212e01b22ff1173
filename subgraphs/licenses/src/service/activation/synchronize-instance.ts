import { isUuid } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { stateOfInstance, type Instance } from '../../domain/activation/instance.js';
import { instanceLimit, overLimit, slotRefusal } from '../../domain/activation/slots.js';
import { computeEntitlements } from '../../domain/entitlements/compute.js';
import type { Seats } from '../../domain/entitlements/seats.js';
import { refusal, type Refusal } from '../../domain/refusal.js';
import type { SeatSample } from '../../domain/seats/seat-sample.js';
import { textRefusal } from '../../domain/text.js';
import { callOnce, type Asking, type Keyed } from '../call-once.js';
import type { OfAccount, RunTransaction, UnitOfWork } from '../ports.js';
import { recordSeats, refusedAmong } from '../record-seats.js';
import { recordToldUses, refusedUseAmong, type ToldFeatureUse } from '../told-feature-uses.js';
import type { StoredSeatUse } from '../seat-ports.js';
import { fetchFiles, standingBy, type InstanceFiles, type Standing } from './instance-files.js';
import { samplesOf, type InstanceSeats } from './instance-seats.js';
import { hostLength, identityRefusal, slotsOf, versionLength, type Tools } from './instances.js';
import type { InstanceInFull, OfDeployment } from './ports.js';

export interface SynchronizeInstanceRequest extends Keyed {
  readonly id: string;
  readonly secret: string;
  readonly version: string;
  /** Null: it has not changed. */
  readonly hostName: string | null;
  readonly seats: readonly InstanceSeats[];
  readonly featureUse: readonly ToldFeatureUse[];
}

/** An instance that was heard of, and whether it is more than its license serves. */
type SeenInstance = OfAccount<Instance> & { readonly overLimit: boolean };

/** What an instance gets for telling that it is there. */
export interface SynchronizedInstance extends InstanceFiles {
  readonly id: string;
  readonly deploymentId: string;
  /** Of features that it told of, those that the price list does not know as limits. */
  readonly unknownFeatureKeys: readonly string[];
  /** How it stands now; null in a retry, which is told what it was given, and finds the rest as it is by then. */
  readonly left: { readonly instance: SeenInstance; readonly seats: Seats } | null;
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
    const samples = reportedSamples(request, instance, standing);
    if (!samples.ok) return samples;
    const unknownFeatureKeys = await recordToldUses(unit, instance.deployment, request.featureUse, at);
    const { given, ...fetched } = await fetchFiles(unit, tools, standing, found);
    const { version, hostName } = { ...request, hostName: request.hostName ?? instance.hostName };
    const seen = { lastSeenAt: at, version, hostName };
    unit.activations.see(instance.id, { ...seen, ...fetched });
    const use = await recordOf(unit, instance, samples.value, wasSilent);
    left = { instance: leftInstance(found, seen, standing), seats: seatsLeft(standing, use) };
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

/** What an instance tells of its users; all of it or nothing can be recorded. */
function reportedSamples(
  { seats }: SynchronizeInstanceRequest,
  { instanceId }: Instance,
  { entitlements, at }: Standing,
): Result<readonly SeatSample[], Refusal> {
  const samples = samplesOf(seats, instanceId, entitlements.validFrom, at);
  if (!samples.ok) return samples;
  const refused = refusedAmong(samples.value, at);
  if (refused === null) return samples;
  const { index, field, message } = refused;
  const given = field === 'takenAt' || field === 'maximum' ? field : 'counts';
  return err(refusal('INVALID_VALUE', ['seats', String(index), given], message));
}

/**
 * Records what an instance tells of its users. Null when it tells nothing, and nothing else is new of the deployment's seats.
 * @param wasSilent what it told before it fell silent counts again
 */
async function recordOf(
  unit: UnitOfWork,
  { instanceId, deployment }: OfDeployment<Instance>,
  samples: readonly SeatSample[],
  wasSilent: boolean,
): Promise<StoredSeatUse | null> {
  if (samples.length === 0 && !wasSilent) return null;
  const reports = [{ deployment, samples, heard: instanceId }];
  const uses = await recordSeats(unit, reports, wasSilent ? 'ALWAYS' : 'NEWS');
  return uses.get(deployment.id) ?? null;
}

function leftInstance(
  { instance, instances }: InstanceInFull,
  seen: Pick<Instance, 'lastSeenAt' | 'version' | 'hostName'>,
  { entitlements, at }: Standing,
): SeenInstance {
  const left = { ...instance, ...seen, accountId: instance.deployment.accountId };
  const others = instances.filter(({ id }) => id !== instance.id);
  const facts = { limit: instanceLimit(entitlements.features), instances: [...others, left], at };
  return { ...left, overLimit: overLimit(facts).has(left.id) };
}

/** The seats as they stand after a report. */
function seatsLeft({ facts: { facts }, entitlements, at }: Standing, reported: StoredSeatUse | null): Seats {
  if (reported === null) return entitlements.seats;
  return computeEntitlements({ ...facts, usage: { ...facts.usage, seats: reported } }, at).seats;
}

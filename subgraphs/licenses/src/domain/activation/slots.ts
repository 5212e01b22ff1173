import type { EntitledFeature } from '../entitlements/features/index.js';
import { refusal, type Refusal } from '../refusal.js';
import { silentAfterDays, stateOfInstance, type Instance } from './instance.js';

/** The feature of a plan or add-on that says how many instances its license serves. */
export const instancesFeature = 'instances';

/** Where no product says it: the one in use and its standby. */
export const usualInstances = 2;

/** How many instances may be active on a license at a time; null for no limit. */
export function instanceLimit(features: readonly EntitledFeature[]): number | null {
  const feature = features.find(({ key }) => key === instancesFeature);
  return feature?.kind === 'LIMIT' ? feature.limit : usualInstances;
}

/** What a slot is asked for with. */
export interface SlotFacts {
  readonly limit: number | null;
  /** Those of the deployment that are not ended. */
  readonly instances: readonly Instance[];
  readonly at: Date;
}

/**
 * What keeps an instance that becomes active from a slot; null when it may have one.
 * @param id ours, of an instance that has or had a slot and is not counted; null for a new one
 * @param field where the input names what is refused
 */
export function slotRefusal(
  { limit, instances, at }: SlotFacts,
  id: string | null,
  field: string,
): Refusal | null {
  const taken = instances.filter((one) => one.id !== id && stateOfInstance(one, at) === 'ACTIVE').length;
  if (limit === null || taken < limit) return null;
  const message =
    `The license serves ${limit} active instances, and all are taken. Deactivate one that is not needed, ` +
    `or wait until one was silent for ${silentAfterDays} days.`;
  return refusal('INSTANCE_LIMIT_REACHED', [field], message);
}

/**
 * The ids of the active instances that are more than the license serves, as when a smaller plan came: those that were activated last.
 * They are shown and told so, and keep their license: their users take seats like all others, so nobody gains by them, and nobody's
 * work stops because a contract changed.
 */
export function overLimit({ limit, instances, at }: SlotFacts): ReadonlySet<string> {
  if (limit === null) return new Set();
  const oldestFirst = instances
    .filter((one) => stateOfInstance(one, at) === 'ACTIVE')
    .toSorted(
      (one, other) => one.activatedAt.getTime() - other.activatedAt.getTime() || (one.id < other.id ? -1 : 1),
    );
  return new Set(oldestFirst.slice(limit).map(({ id }) => id));
}

/**
 * Of the instances that are not ended, the one that already goes by an id of the customer's; null when none does.
 * @param id ours, of an instance that may keep its own id
 */
export function holderOf(
  instances: readonly Instance[],
  instanceId: string,
  id: string | null,
): Instance | null {
  return instances.find((one) => one.instanceId === instanceId && one.id !== id) ?? null;
}

/** An id that an active instance goes by is not given to another one: who knows the code does not become that instance. */
export function idRefusal(holder: Instance | null, at: Date, field: string): Refusal | null {
  if (holder === null || stateOfInstance(holder, at) !== 'ACTIVE') return null;
  return refusal('INSTANCE_ID_TAKEN', [field]);
}

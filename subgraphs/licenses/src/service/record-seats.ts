import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { keptUseOf, type KeptSeatUse } from '../domain/seats/kept-use.js';
import { seatContractAt } from '../domain/seats/seat-contract.js';
import { sampleFault, type SampleFault, type SeatSample } from '../domain/seats/seat-sample.js';
import { periodsOf } from '../domain/seats/seat-use.js';
import type { MeasuredUse } from '../domain/usage-notice.js';
import type { UnitOfWork } from './ports.js';
import type { PutSeatUse, SeatContracts, SeatedDeployment, StoredSeatUse } from './seat-ports.js';
import { noticeUses } from './send-usage-notices.js';

/** What one deployment reports. */
export interface SeatReports {
  readonly deployment: SeatedDeployment;
  readonly samples: readonly SeatSample[];
}

/** The sample that cannot be recorded, by its index, and why. */
export interface RefusedSample extends SampleFault {
  readonly index: number;
}

/**
 * Records what a deployment reports of its seats. Samples may come late, twice and in any order; one that is wrong refuses all of
 * them, and nothing is recorded. What others see anything new of is told (`licenses.seat-usage`).
 * @returns the use as it stands now; null when the deployment never reported and `samples` is empty
 */
export async function recordSeatSamples(
  unit: UnitOfWork,
  deployment: SeatedDeployment,
  samples: readonly SeatSample[],
): Promise<Result<StoredSeatUse | null, RefusedSample>> {
  const held = await hold(unit, deployment);
  const refused = refusedAmong(samples, await unit.clock.now(held.accountId));
  if (refused !== null) return err(refused);
  const uses = await recordSeats(unit, [{ deployment: held, samples }]);
  return ok(uses.get(deployment.id) ?? null);
}

/** The first sample that cannot be recorded at `now`. */
export function refusedAmong(samples: readonly SeatSample[], now: Date): RefusedSample | null {
  for (const [index, sample] of samples.entries()) {
    const fault = sampleFault(sample, now);
    if (fault !== null) return { index, ...fault };
  }
  return null;
}

/**
 * As `recordSeatSamples`, for any number of deployments at once. The samples were found to be without fault, and the deployments'
 * rows are locked.
 */
export async function recordSeats(
  unit: UnitOfWork,
  reports: readonly SeatReports[],
): Promise<ReadonlyMap<string, StoredSeatUse>> {
  const ids = [...new Set(reports.map(({ deployment }) => deployment.id))];
  const samples = reports.flatMap(({ deployment, samples: reported }) =>
    reported.map((sample) => ({ ...sample, deploymentId: deployment.id })),
  );
  const contracts = await unit.seats.add(samples, await unit.clock.now(null));
  const changed = reports
    .map(({ deployment }) => deployment)
    .filter(({ id }) => contracts.subscriptions.has(id));
  const told = await keepUses(unit, changed, contracts, 'NEWS');
  const others = ids.filter((id) => !told.has(id));
  return others.length === 0 ? told : new Map([...told, ...(await unit.seats.kept(others))]);
}

/** An instance of a deployment was taken out of use: what it reported until then counts for the maximum alone. */
export async function endSeatReports(
  unit: UnitOfWork,
  deployment: SeatedDeployment,
  instanceId: string,
): Promise<void> {
  const held = await hold(unit, deployment);
  const at = await unit.clock.now(held.accountId);
  if (await unit.seats.endInstance(held.id, instanceId, at)) await refreshSeats(unit, [held]);
}

/** Locks a deployment that was found before, which may have gone to another account in between. */
async function hold({ seats }: UnitOfWork, deployment: SeatedDeployment): Promise<SeatedDeployment> {
  const [held = deployment] = await seats.hold([deployment.id]);
  return held;
}

/**
 * Works the use of deployments out anew, of those that ever reported, and tells of it: after a report, and when the subscription in
 * force is another one or has changed.
 */
export async function refreshSeats(
  unit: UnitOfWork,
  deployments: readonly SeatedDeployment[],
): Promise<ReadonlyMap<string, StoredSeatUse>> {
  if (deployments.length === 0) return new Map();
  const contracts = await unit.seats.contracts([...new Set(deployments.map(({ id }) => id))]);
  return keepUses(unit, deployments, contracts, 'ALWAYS');
}

async function keepUses(
  unit: UnitOfWork,
  deployments: readonly SeatedDeployment[],
  contracts: SeatContracts,
  tell: 'ALWAYS' | 'NEWS',
): Promise<ReadonlyMap<string, StoredSeatUse>> {
  const unique = new Map(deployments.map((deployment) => [deployment.id, deployment]));
  if (unique.size === 0) return new Map();
  const uses = await usesOf(unit, unique, contracts);
  const kept = await unit.seats.put(uses, tell);
  const news = [...kept].flatMap(([id, { version, isNews, before }]) => {
    const [use, deployment] = [uses.get(id), unique.get(id)];
    return isNews && use !== undefined && deployment !== undefined
      ? [{ use, deployment, version, before }]
      : [];
  });
  await Promise.all(
    news.map(async ({ deployment, use, version }) => {
      const at = await unit.clock.now(deployment.accountId);
      await unit.announcements.seatUsage(deployment, use, version, at);
    }),
  );
  await noticeUses(unit, news.flatMap(seatsInUse));
  return kept;
}

/** Deployments that are dealt with in one transaction. */
const batch = 200;

/**
 * Works out anew what is held against another contract by the clock alone: a subscription has begun or ended, or its days of grace
 * have, or an instance has fallen silent. Gives how many there were.
 */
export async function refreshOutdatedSeats(unit: UnitOfWork, now: Date): Promise<number> {
  const refreshed = await refreshSeats(unit, await unit.seats.lockOutdated(now, batch));
  return refreshed.size;
}

/** Takes what `refreshOutdatedSeats` would work out of its way, each deployment to be worked out by itself (`refreshSeatsOf`). */
export async function setOutdatedSeatsAside(
  { seats }: UnitOfWork,
  now: Date,
): Promise<readonly DueWorkPayload[]> {
  const ids = await seats.takeOutdated(now, batch);
  return ids.map((deploymentId) => ({ kind: 'SEATS', deploymentId }));
}

/** Works the use of one deployment out anew. */
export async function refreshSeatsOf(unit: UnitOfWork, deploymentId: string): Promise<void> {
  await refreshSeats(unit, await unit.seats.hold([deploymentId]));
}

/** As `refreshOutdatedSeats`, of one account, at the instant of its own clock. */
export async function refreshOutdatedSeatsOf(unit: UnitOfWork, accountId: string): Promise<void> {
  const now = await unit.clock.now(accountId);
  await refreshSeats(unit, await unit.seats.lockOutdatedOf(accountId, now));
}

async function usesOf(
  { seats, clock }: UnitOfWork,
  deployments: ReadonlyMap<string, SeatedDeployment>,
  { subscriptions, freeGuestPlans }: SeatContracts,
): Promise<ReadonlyMap<string, KeptSeatUse>> {
  const contracts = new Map(
    await Promise.all(
      [...deployments.values()].map(async ({ id, accountId }) => {
        const at = await clock.now(accountId);
        return [id, { at, contract: seatContractAt(subscriptions.get(id) ?? [], at) }] as const;
      }),
    ),
  );
  const records = await seats.records(
    new Map([...contracts].map(([id, { contract }]) => [id, periodsOf(contract.term)])),
  );
  const uses = new Map<string, KeptSeatUse>();
  for (const [id, { at, contract }] of contracts) {
    const record = records.get(id);
    const guestsBill = !freeGuestPlans.has(contract.planCode);
    const use = record && keptUseOf(record, contract, { guestsBill, at });
    if (use) uses.set(id, use);
  }
  return uses;
}

/** Without a subscription there are no seats to be used up. */
function seatsInUse({
  deployment,
  use: { term, used, purchased, subscriptionId, maximumSince },
  before,
}: {
  readonly deployment: SeatedDeployment;
  readonly use: KeptSeatUse;
  readonly before: PutSeatUse['before'];
}): MeasuredUse[] {
  if (term === null) return [];
  const isSamePeriod = before?.subscriptionId === subscriptionId && before?.maximumSince === maximumSince;
  return [
    {
      deployment,
      subject: { kind: 'SEATS' },
      period: term,
      used,
      available: purchased,
      before: before !== null && isSamePeriod ? { used: before.used, available: before.purchased } : null,
    },
  ];
}

import type { Clock } from '@fulfillment/kernel/domain/clock';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { guestsBillOn } from '../domain/seats/billable-users.js';
import { keptUseOf, nextUse, type KeptSeatUse } from '../domain/seats/kept-use.js';
import { seatContractAt, type SeatContract } from '../domain/seats/seat-contract.js';
import { peakWith } from '../domain/seats/next-samples.js';
import type { SeatPeak, SeatRecord } from '../domain/seats/seat-record.js';
import { sampleFault, type SampleFault, type SeatSample } from '../domain/seats/seat-sample.js';
import type { MeasuredUse } from '../domain/usage-notice.js';
import type { UnitOfWork } from './ports.js';
import type { KnownSeats, SeatedDeployment, StoredSeatUse } from './seat-ports.js';
import { noticeUses } from './send-usage-notices.js';
import { takeSamples, type KnownWithSamples } from './take-samples.js';

/** What one deployment reports. */
export interface SeatReports {
  readonly deployment: SeatedDeployment;
  readonly samples: readonly SeatSample[];
  /** The activated instance that is heard of by this; null where none is. */
  readonly heard: string | null;
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
  const uses = await recordSeats(unit, [{ deployment: held, samples, heard: null }]);
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
 * @param tell ALWAYS where others are to hear of it though nothing is new
 */
export async function recordSeats(
  unit: UnitOfWork,
  reports: readonly SeatReports[],
  tell: 'ALWAYS' | 'NEWS' = 'NEWS',
): Promise<ReadonlyMap<string, StoredSeatUse>> {
  const samples = new Map<string, readonly SeatSample[]>();
  for (const { deployment, samples: own } of reports) {
    if (own.length > 0) samples.set(deployment.id, [...(samples.get(deployment.id) ?? []), ...own]);
  }
  return keepUses(unit, reports, tell, samples);
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
  return keepUses(
    unit,
    deployments.map((deployment) => ({ deployment, heard: null })),
    'ALWAYS',
  );
}

type Reporting = Pick<SeatReports, 'deployment' | 'heard'>;

async function keepUses(
  unit: UnitOfWork,
  reporting: readonly Reporting[],
  tell: 'ALWAYS' | 'NEWS',
  samples: ReadonlyMap<string, readonly SeatSample[]> = new Map(),
): Promise<ReadonlyMap<string, StoredSeatUse>> {
  const unique = new Map(reporting.map((one) => [one.deployment.id, one]));
  if (unique.size === 0) return new Map();
  const found = await usesOf(unit, unique, await takeSamples(unit, [...unique.keys()], samples));
  const uses = found.map((one) => ({ ...one, ...nextUse(one.use, one.known.kept, tell) }));
  unit.seats.put(
    uses.flatMap(({ deployment: { id: deploymentId }, use, version, isOther }) =>
      isOther ? [{ deploymentId, use, version }] : [],
    ),
  );
  const news = uses.filter(({ isNews }) => isNews);
  await Promise.all(
    news.map(({ deployment, use, version, at }) =>
      unit.announcements.seatUsage(deployment, use, version, at),
    ),
  );
  await noticeUses(unit, news.flatMap(seatsInUse));
  return new Map(
    uses.map(({ deployment: { id }, use, version }) => [id, { ...use, deploymentId: id, version }]),
  );
}

/** Deployments that are dealt with in one transaction. */
const batch = 200;

/**
 * Works out anew what is held against another contract by the clock alone: a subscription has begun or ended, or its days of grace
 * have, or an instance has fallen silent. Gives how many there were.
 */
export async function refreshOutdatedSeats(unit: UnitOfWork): Promise<number> {
  // By the instant at which they are worked out: what is due by a later one would be due again and again.
  const now = await unit.clock.now(null);
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

/** A use as it was worked out, and what from. */
interface FoundUse {
  readonly deployment: SeatedDeployment;
  readonly known: KnownSeats;
  readonly use: KeptSeatUse;
  readonly at: Date;
}

/** Works the uses of deployments out: of those that ever reported. */
async function usesOf(
  { seats, clock }: UnitOfWork,
  reporting: ReadonlyMap<string, Reporting>,
  { seats: all, products, unwritten }: KnownWithSamples,
): Promise<FoundUse[]> {
  const found = await Promise.all(
    [...reporting.values()].flatMap(({ deployment, heard }) => {
      const known = all.get(deployment.id);
      return known === undefined ? [] : [heldAgainstContract(clock, deployment, heard, known)];
    }),
  );
  const free = found.filter(({ contract }) => contract.term === null).map(({ deployment: { id } }) => id);
  const highest = free.length === 0 ? new Map<string, SeatPeak>() : await seats.highest(free);
  return found.flatMap(({ contract, heard, ...one }) => {
    const { deployment, known, at } = one;
    const record = recordUnder(
      known,
      contract,
      heard === null ? null : { instanceId: heard, at },
      peakWith(highest.get(deployment.id), unwritten.get(deployment.id) ?? []),
    );
    const guestsBill = guestsBillOn(contract.planCode, products);
    const use = keptUseOf(record, contract, { guestsBill, at });
    return use === null ? [] : [{ ...one, use }];
  });
}

async function heldAgainstContract(
  clock: Clock,
  deployment: SeatedDeployment,
  heard: string | null,
  known: KnownSeats,
) {
  const at = await clock.now(deployment.accountId);
  return { deployment, heard, known, at, contract: seatContractAt(known.subscriptions, at) };
}

/** What is known of a deployment's seats, as far as its contract needs it. */
function recordUnder(
  { newest, maxima, days }: KnownSeats,
  { subscriptionId }: SeatContract,
  heard: { readonly instanceId: string; readonly at: Date } | null,
  highest: SeatPeak,
): SeatRecord {
  return {
    newest: newest.map((one) => (one.instanceId === heard?.instanceId ? { ...one, heardOf: heard.at } : one)),
    days: subscriptionId === null ? [] : (days.get(subscriptionId) ?? []),
    highest,
    maxima,
  };
}

/** Without a subscription there are no seats to be used up. */
function seatsInUse({ deployment, use, known: { kept, notices } }: FoundUse): MeasuredUse[] {
  const { term, used, purchased: available, subscriptionId, maximumSince } = use;
  if (term === null) return [];
  const isSamePeriod = kept?.subscriptionId === subscriptionId && kept?.maximumSince === maximumSince;
  return [
    {
      deployment,
      subject: { kind: 'SEATS' },
      period: term,
      used,
      available,
      before: kept !== null && isSamePeriod ? { used: kept.used, available: kept.purchased } : null,
      told: notices.filter(({ start }) => start === term.start),
    },
  ];
}

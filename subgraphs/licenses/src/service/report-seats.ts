import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Deployment } from '../domain/deployment.js';
import { refusal, type Refusal } from '../domain/refusal.js';
import {
  billableOfCounts,
  billableOfMemberships,
  type BillableUsers,
  type Membership,
  type SeatCount,
} from '../domain/seats/billable-users.js';
import { sampleFault, type SeatSample } from '../domain/seats/seat-sample.js';
import { textRefusal } from '../domain/text.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import { recordSeats } from './record-seats.js';
import type { StoredSeatUse } from './seat-ports.js';

export interface SeatReport {
  readonly deploymentKind: DeploymentKind;
  readonly externalId: string;
  /** Now when null. */
  readonly takenAt: Date | null;
  /** One of the two is given. */
  readonly counts: readonly SeatCount[] | null;
  readonly users: readonly Membership[] | null;
}

export interface ReportSeatsRequest extends Keyed {
  readonly reports: readonly SeatReport[];
}

/** What became of one report, in plain JSON. */
export type SeatReportOutcome =
  | { readonly ok: true; readonly deploymentId: string; readonly seats: ReportedSeats }
  | { readonly ok: false; readonly refusal: Refusal };

/** The seats as the report left them. */
export interface ReportedSeats {
  readonly purchased: number;
  readonly used: number;
  readonly maximum: number;
  readonly overage: number;
  readonly reportedAt: string;
}

const mostReports = 1_000;
const mostMemberships = 50_000;

/**
 * Records what many deployments report at once: each has its own outcome, in the order of the input, and all that can be recorded
 * is recorded together. Repeating a report changes nothing.
 */
export function reportSeats(
  run: RunTransaction,
  asking: Asking,
  request: ReportSeatsRequest,
): Promise<Result<readonly SeatReportOutcome[], Refusal>> {
  return callOnce(run, asking, 'reportSeats', request, async (unit) => {
    const { reports } = request;
    if (reports.length < 1 || reports.length > mostReports) {
      return err(refusal('INVALID_VALUE', ['reports'], `\`reports\` must have 1 to ${mostReports} entries.`));
    }
    const checked = await checkReports(unit, asking, reports);
    const sound = checked.flatMap((one) => (one.ok ? [one.value] : []));
    const uses = await recordSeats(
      unit,
      sound.map(({ deployment, sample }) => ({ deployment, samples: [sample], heard: null })),
    );
    return ok(checked.map((one) => outcomeOf(one, uses)));
  });
}

interface SoundReport {
  readonly deployment: Deployment;
  readonly sample: SeatSample;
}

async function checkReports(
  unit: UnitOfWork,
  asking: Asking,
  reports: readonly SeatReport[],
): Promise<Result<SoundReport, Refusal>[]> {
  const ids = reports.map(({ deploymentKind, externalId }) => deploymentId(deploymentKind, externalId));
  const visible = await unit.seats.holdOwn([...new Set(ids)], asking);
  const deployments = new Map(visible.map((deployment) => [deployment.id, deployment]));
  return Promise.all(
    reports.map(async (report, index) => {
      const deployment = deployments.get(ids[index] ?? '');
      const now = await unit.clock.now(deployment?.accountId ?? null);
      return checkReport(report, deployment, now, ['reports', String(index)]);
    }),
  );
}

function checkReport(
  report: SeatReport,
  deployment: Deployment | undefined,
  now: Date,
  path: readonly string[],
): Result<SoundReport, Refusal> {
  const refuse = (field: string, message: string) => err(refusal('INVALID_VALUE', [...path, field], message));
  if (report.deploymentKind === 'SELF_MANAGED_INSTANCE') {
    return refuse('deploymentKind', 'An instance that the customer operates reports when it synchronizes.');
  }
  const users = usersOf(report);
  if (!users.ok) return refuse(users.error.field, users.error.message);
  if (deployment === undefined) return err(refusal('DEPLOYMENT_NOT_FOUND', [...path, 'externalId']));
  const sample = { instanceId: null, takenAt: report.takenAt ?? now, ...users.value, maximum: null };
  const fault = sampleFault(sample, now);
  if (fault === null) return ok({ deployment, sample });
  const given = report.counts === null ? 'users' : 'counts';
  return refuse(fault.field === 'takenAt' ? 'takenAt' : given, fault.message);
}

function usersOf({
  counts,
  users,
}: SeatReport): Result<BillableUsers, { readonly field: string; readonly message: string }> {
  if ((counts === null) === (users === null)) {
    return err({ field: 'counts', message: 'Give either `counts` or `users`.' });
  }
  if (counts !== null) {
    const isSound = counts.every(({ count }) => count >= 0);
    return isSound
      ? ok(billableOfCounts(counts))
      : err({ field: 'counts', message: '`count` must not be negative.' });
  }
  const memberships = users ?? [];
  if (memberships.length > mostMemberships) {
    return err({ field: 'users', message: `\`users\` must have ${mostMemberships} entries at the most.` });
  }
  const fault = memberships.map(({ userId }) => textRefusal(userId, 'userId')).find((one) => one !== null);
  return fault ? err({ field: 'users', message: fault.message }) : ok(billableOfMemberships(memberships));
}

function outcomeOf(
  checked: Result<SoundReport, Refusal>,
  uses: ReadonlyMap<string, StoredSeatUse>,
): SeatReportOutcome {
  if (!checked.ok) return { ok: false, refusal: checked.error };
  const { id } = checked.value.deployment;
  const use = uses.get(id);
  if (use === undefined) throw new Error('What was recorded has a use');
  const { purchased, used, maximum, overage, reportedAt } = use;
  const seats = {
    purchased,
    used,
    maximum: Math.max(maximum, used),
    overage,
    reportedAt: reportedAt.toISOString(),
  };
  return { ok: true, deploymentId: id, seats };
}

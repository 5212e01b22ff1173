import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Deployment } from '../domain/deployment.js';
import type { FeatureKind } from '../domain/entitlements/features/index.js';
import { featureUseFault } from '../domain/feature-use.js';
import { refusal, type Refusal } from '../domain/refusal.js';
import { textRefusal } from '../domain/text.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { StoredFeatureUse } from './feature-use-ports.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import { recordFeatureUses, useKey, type RecordedUse } from './record-feature-use.js';
import type { DeploymentReference } from './use-allowance.js';

export interface FeatureUseReport {
  readonly deployment: DeploymentReference;
  readonly featureKey: string;
  readonly used: number;
  /** Now when null. */
  readonly observedAt: Date | null;
}

export interface ReportFeatureUseRequest extends Keyed {
  readonly reports: readonly FeatureUseReport[];
}

/** What became of one report, in plain JSON. */
export type FeatureUseReportOutcome =
  | {
      readonly ok: true;
      readonly deploymentId: string;
      readonly featureKey: string;
      readonly used: number;
      readonly observedAt: string;
    }
  | { readonly ok: false; readonly refusal: Refusal };

const mostReports = 1_000;

/**
 * Records how many of features with a limit deployments use: each report has its own outcome, in the order of the input, and all
 * that can be recorded is recorded together. No order of reports and no repetition makes a difference to what holds in the end.
 */
export function reportFeatureUse(
  run: RunTransaction,
  asking: Asking,
  request: ReportFeatureUseRequest,
): Promise<Result<readonly FeatureUseReportOutcome[], Refusal>> {
  return callOnce(run, asking, 'reportFeatureUse', request, async (unit) => {
    const { reports } = request;
    if (reports.length < 1 || reports.length > mostReports) {
      return err(refusal('INVALID_VALUE', ['reports'], `\`reports\` must have 1 to ${mostReports} entries.`));
    }
    const checked = await checkReports(unit, asking, reports);
    const sound = checked.flatMap((one) => (one.ok ? [one.value] : []));
    const standing = await recordFeatureUses(unit, sound);
    return ok(checked.map((one) => outcomeOf(one, standing)));
  });
}

async function checkReports(
  unit: UnitOfWork,
  asking: Asking,
  reports: readonly FeatureUseReport[],
): Promise<Result<RecordedUse, Refusal>[]> {
  const ids = reports.map(({ deployment: { kind, externalId } }) => deploymentId(kind, externalId));
  const visible = await unit.seats.holdOwn([...new Set(ids)], asking);
  const deployments = new Map(visible.map((deployment) => [deployment.id, deployment]));
  const keys = new Set(reports.map(({ featureKey }) => featureKey).filter(isText));
  const kinds = await unit.featureUses.kindsOf([...keys]);
  return Promise.all(
    reports.map(async (report, index) => {
      const deployment = deployments.get(ids[index] ?? '');
      const now = await unit.clock.now(deployment?.accountId ?? null);
      return checkReport(report, deployment, kinds.get(report.featureKey), now, ['reports', String(index)]);
    }),
  );
}

/** What is no line of text is no feature's key either, and is not looked for. */
function isText(featureKey: string): boolean {
  return textRefusal(featureKey, 'featureKey') === null;
}

function checkReport(
  { featureKey, used, observedAt }: FeatureUseReport,
  deployment: Deployment | undefined,
  kind: FeatureKind | undefined,
  now: Date,
  path: readonly string[],
): Result<RecordedUse, Refusal> {
  if (deployment === undefined) return err(refusal('DEPLOYMENT_NOT_FOUND', [...path, 'deployment']));
  if (kind !== 'LIMIT') {
    return err(refusal('FEATURE_NOT_FOUND', [...path, 'featureKey'], kindMessage(featureKey, kind)));
  }
  const { id, accountId } = deployment;
  const use = { deploymentId: id, accountId, featureKey, used, observedAt: observedAt ?? now };
  const fault = featureUseFault(use, now);
  return fault === null ? ok(use) : err(refusal('INVALID_VALUE', [...path, fault.field], fault.message));
}

function kindMessage(featureKey: string, kind: Exclude<FeatureKind, 'LIMIT'> | undefined): string {
  switch (kind) {
    case undefined:
      return 'The price list has no feature of this key.';
    case 'METERED_ALLOWANCE':
      return `${featureKey} is an allowance that is used up: tell of it with \`reportAllowance\` or \`consumeAllowance\`.`;
    case 'ON_OFF':
      return `${featureKey} is unlocked or not, and has no number that could be reported.`;
  }
}

function outcomeOf(
  checked: Result<RecordedUse, Refusal>,
  standing: ReadonlyMap<string, StoredFeatureUse>,
): FeatureUseReportOutcome {
  if (!checked.ok) return { ok: false, refusal: checked.error };
  const use = standing.get(useKey(checked.value));
  if (use === undefined) throw new Error('What was recorded is known');
  const { deploymentId: id, featureKey, used, observedAt } = use;
  return { ok: true, deploymentId: id, featureKey, used, observedAt: observedAt.toISOString() };
}

import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { monthStart } from '../domain/allowance/ledger.js';
import type { MeterReading } from '../domain/allowance/readings.js';
import { consumption, ownMeter, reachedThresholds, reported } from '../domain/allowance/use.js';
import { usedAllowance, type UsedAllowance } from '../domain/allowance/used-allowance.js';
import type { Deployment } from '../domain/deployment.js';
import type { EntitlementFacts } from '../domain/entitlements/compute.js';
import type { MeteredAllowanceFacts } from '../domain/entitlements/features/metered-allowance.js';
import { refusal, type Refusal } from '../domain/refusal.js';
import { monthFrom } from '../domain/usage-notice.js';
import { textRefusal } from '../domain/text.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import { noticeUses } from './send-usage-notices.js';

/** A deployment by what the customer knows of it. */
export interface DeploymentReference {
  readonly kind: DeploymentKind;
  readonly externalId: string;
}

interface AllowanceRequest extends Keyed {
  readonly deployment: DeploymentReference;
  readonly featureKey: string;
}

export interface ConsumeAllowanceRequest extends AllowanceRequest {
  readonly amount: number;
}

export interface ReportAllowanceRequest extends AllowanceRequest {
  readonly source: string;
  readonly measuredAt: Date;
  readonly used: number;
}

/** An allowance after it was used, in plain JSON. */
export interface AllowanceBalance extends Pick<
  MeteredAllowanceFacts,
  'allowance' | 'used' | 'remaining' | 'overage' | 'resetsOn'
> {
  readonly featureKey: string;
}

type Outcome = Result<AllowanceBalance, Refusal>;

/** Uses up a part of an allowance at the account's present instant, or refuses it whole. */
export function consumeAllowance(
  run: RunTransaction,
  asking: Asking,
  request: ConsumeAllowanceRequest,
): Promise<Outcome> {
  return callOnce(run, asking, 'consumeAllowance', request, async (unit) => {
    if (request.amount < 1) {
      return err(refusal('INVALID_VALUE', ['amount'], '`amount` must be 1 or more.'));
    }
    return use(unit, asking, request, (allowance, at) => consumption(allowance, request.amount, at));
  });
}

/** Takes in what a meter has counted. It was used, so it may go beyond the allowance, and the allowance may be gone by now. */
export function reportAllowance(
  run: RunTransaction,
  asking: Asking,
  request: ReportAllowanceRequest,
): Promise<Outcome> {
  const keyed = { ...request, measuredAt: request.measuredAt.toISOString() };
  return callOnce(run, asking, 'reportAllowance', keyed, async (unit) => {
    const fault = reportRefusal(request);
    if (fault !== null) return err(fault);
    return use(unit, asking, request, (allowance, at) => reported(allowance, request, at));
  });
}

function reportRefusal({ source, used }: ReportAllowanceRequest): Refusal | null {
  if (used < 0) return refusal('INVALID_VALUE', ['used'], '`used` must be 0 or more.');
  if (source === ownMeter) {
    const message = `\`source\` must not be \`${ownMeter}\`: that is what \`consumeAllowance\` counts.`;
    return refusal('INVALID_VALUE', ['source'], message);
  }
  return textRefusal(source, 'source');
}

/**
 * What both do: with the deployment held, so that of two at the same moment the second sees what the first has used, they judge
 * the allowance as it stands, write the reading down and tell of it.
 */
async function use(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  { deployment: { kind, externalId }, featureKey }: AllowanceRequest,
  judge: (allowance: UsedAllowance, at: Date) => Result<MeterReading, Refusal>,
): Promise<Outcome> {
  const id = deploymentId(kind, externalId);
  const isHeld = await unit.allowances.hold(viewer, receivedAt, id);
  const [known] = isHeld ? await unit.readerFor(viewer, receivedAt).deploymentFacts([id]) : [];
  if (known === undefined) return err(refusal('DEPLOYMENT_NOT_FOUND', ['deployment']));
  const at = await unit.clock.now(known.deployment.accountId);
  const before = usedAllowance(known.facts, featureKey, at);
  const judged = judge(before, at);
  if (!judged.ok) return judged;
  const reading = { ...judged.value, featureKey };
  await unit.allowances.put(id, reading);
  const after = usedAllowance(withReading(known.facts, reading), featureKey, at);
  await tell(unit, known.deployment, featureKey, { before, after }, at);
  const { allowance, used, remaining, overage, resetsOn } = after.facts;
  return ok({ featureKey, allowance, used, remaining, overage, resetsOn });
}

/** The facts as the store has them after a reading was put. */
function withReading(
  facts: EntitlementFacts,
  reading: EntitlementFacts['usage']['allowances'][number],
): EntitlementFacts {
  const { featureKey, source, from, month, quota } = reading;
  const isSame = (one: typeof reading) =>
    one.featureKey === featureKey && one.source === source && one.from.getTime() === from.getTime();
  const known = facts.usage.allowances.find(isSame);
  const others = facts.usage.allowances
    .filter((one) => !isSame(one))
    .map((one) => (one.featureKey === featureKey && one.month === month ? { ...one, quota } : one));
  const total = Math.max(known?.total ?? 0, reading.total);
  return { ...facts, usage: { ...facts.usage, allowances: [...others, { ...reading, total }] } };
}

async function tell(
  unit: UnitOfWork,
  { id, accountId }: Deployment,
  featureKey: string,
  { before, after: { name: featureName, facts, isGone } }: Record<'before' | 'after', UsedAllowance>,
  at: Date,
): Promise<void> {
  const { announcements, allowances } = unit;
  const { allowance, used, remaining, overage } = facts;
  const month = monthStart(at);
  const subject = { deploymentId: id, accountId, featureKey, month };
  await announcements.allowance({ ...subject, allowance, used, remaining, overage }, at);
  // Of an allowance that is gone there is no part that could be near its end.
  if (isGone) return;
  for (const percent of reachedThresholds(facts)) {
    if (!(await allowances.passThreshold(id, featureKey, month, percent))) continue;
    await announcements.allowanceThreshold({ ...subject, percent, allowance, used }, at);
  }
  await noticeUses(unit, [
    {
      deployment: { id, accountId },
      subject: { kind: 'ALLOWANCE', featureKey, featureName },
      period: monthFrom(month),
      used,
      available: allowance,
      before: { used: before.facts.used, available: before.facts.allowance },
    },
  ]);
}

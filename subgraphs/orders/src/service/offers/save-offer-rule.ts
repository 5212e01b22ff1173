import { personOf } from '@fulfillment/kernel/domain/viewer';
import type { OfferRulePayload } from '@fulfillment/schema/events/orders';
import { type OfferError, offerError } from '../../domain/offers/errors.js';
import { judgeOfferRule, type OfferRuleInput } from '../../domain/offers/judge-rule.js';
import type { OfferRule, StoredOfferRule } from '../../domain/offers/rule.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';

export interface SaveOfferRuleRequest extends Keyed, OfferRuleInput {
  readonly expectedVersion?: number | null;
}

/** The code of the rule, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface SaveOfferRuleAnswer {
  readonly code: string | null;
  readonly errors: readonly OfferError[];
}

/** Makes a rule or changes it, and tells of it: kept offers end with that. */
export async function saveOfferRule(
  run: RunTransaction,
  asking: Asking,
  request: SaveOfferRuleRequest,
): Promise<SaveOfferRuleAnswer> {
  return callOnce(
    run,
    asking,
    'saveOfferRule',
    request,
    (unit) => save(unit, asking, request),
    (error) => refused([error]),
  );
}

async function save(
  unit: UnitOfWork,
  { viewer }: Asking,
  request: SaveOfferRuleRequest,
): Promise<SaveOfferRuleAnswer> {
  const at = await unit.clock.now(null);
  const judged = judgeOfferRule(request, at);
  if (!judged.ok) return refused(judged.error);
  await unit.offers.lockRules();
  const present = (await unit.offers.rules()).find(({ code }) => code === judged.value.code);
  const version = present?.version ?? 0;
  if (request.expectedVersion != null && request.expectedVersion !== version) {
    const message = `The rule has version ${version} by now: read it again.`;
    return refused([offerError('RULE_CHANGED', ['expectedVersion'], message)]);
  }
  await storeRule(unit, { ...judged.value, version: version + 1 }, { at, by: personOf(viewer) });
  return { code: judged.value.code, errors: [] };
}

/** Stores those of the starting rules that were never stored: what was changed since then stays. */
export async function installOfferRules(unit: UnitOfWork, rules: readonly OfferRule[]): Promise<void> {
  await unit.offers.lockRules();
  const stored = new Set((await unit.offers.rules()).map(({ code }) => code));
  const at = await unit.clock.now(null);
  for (const rule of rules.filter(({ code }) => !stored.has(code))) {
    await storeRule(unit, { ...rule, version: 1 }, { at, by: 'installation' });
  }
}

async function storeRule(
  { offers, events }: UnitOfWork,
  rule: StoredOfferRule,
  changed: { readonly at: Date; readonly by: string },
): Promise<void> {
  await offers.saveRule(rule, changed);
  const { code: aggregateId, version } = rule;
  const payload = toOfferRulePayload(rule);
  await events.append('orders.offer-rule', { aggregateId, version, occurredAt: changed.at, payload });
}

function toOfferRulePayload(rule: OfferRule): OfferRulePayload {
  const { code, condition, step, placements, priority, activeFrom, activeUntil } = rule;
  return {
    code,
    condition: { ...condition },
    step,
    placements: [...placements],
    priority,
    activeFrom: activeFrom.toISOString(),
    activeUntil: activeUntil?.toISOString() ?? null,
  };
}

function refused(errors: readonly OfferError[]): SaveOfferRuleAnswer {
  return { code: null, errors };
}

import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { OfferCondition, OfferedStep, StoredOfferRule } from '../domain/offers/rule.js';
import type { OfferRuleRow } from './offer-entities.js';

/** A rule as a statement reads it; inside JSON its instants are texts. */
export interface OfferRuleRecord {
  code: string;
  condition: OfferCondition;
  step: OfferedStep;
  placements: string[];
  priority: number;
  active_from: Date | string;
  active_until: Date | string | null;
  version: number;
}

/** The rules, by code. */
export async function selectOfferRules(manager: EntityManager, visible: Sql): Promise<StoredOfferRule[]> {
  const rows = await query<OfferRuleRecord>(
    manager,
    sql`SELECT r.* FROM offer_rule AS r WHERE ${visible} ORDER BY r.code`,
  );
  return rows.map(offerRuleFromRow);
}

export function offerRuleFromRow(row: OfferRuleRecord): StoredOfferRule {
  const { code, condition, step, placements, priority, version } = row;
  const activeFrom = new Date(row.active_from);
  const activeUntil = row.active_until === null ? null : new Date(row.active_until);
  return { code, condition, step, placements, priority, activeFrom, activeUntil, version };
}

export function offerRuleToRow(
  { placements, ...rule }: StoredOfferRule,
  changed: Pick<OfferRuleRow, 'changedAt' | 'changedBy'>,
): OfferRuleRow {
  return { ...rule, placements: [...placements], ...changed };
}

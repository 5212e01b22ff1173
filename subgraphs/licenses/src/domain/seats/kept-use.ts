import { seatsOf } from '../entitlements/seats.js';
import type { SeatReport } from '../usage.js';
import type { SeatContract } from './seat-contract.js';
import { dayOf } from './seat-sample.js';
import { ever, seatUseOf, type PeriodMaximum, type SeatQuestion, type UsedDays } from './seat-use.js';
import type { SeatRecord } from './seat-record.js';

/**
 * The use of a deployment's seats under the contract in force, as it is kept and told. It holds until another contract is in force, or
 * an instance falls silent.
 */
export interface KeptSeatUse extends SeatReport, Omit<SeatContract, 'heldFrom'> {
  readonly overage: number;
  readonly quarters: readonly PeriodMaximum[];
  readonly days: readonly UsedDays[];
}

/**
 * What a record comes to under a contract; null when nothing was reported.
 * @param record with the days of `contract.term`
 */
export function keptUseOf(
  record: SeatRecord,
  { heldFrom, ...contract }: SeatContract,
  { guestsBill, at }: Pick<SeatQuestion, 'guestsBill' | 'at'>,
): KeptSeatUse | null {
  const use = seatUseOf(record, { term: contract.term, heldFrom, guestsBill, at });
  if (use === null) return null;
  const report = { ...use, maximumSince: heldFrom ?? ever.start };
  const { overage } = seatsOf(report, { ...contract, termStart: contract.term?.start ?? null });
  return { ...contract, ...report, overage, holdsUntil: earlier(contract.holdsUntil, use.holdsUntil) };
}

function earlier(left: Date | null, right: Date | null): Date | null {
  if (left === null || right === null) return left ?? right;
  return left < right ? left : right;
}

/**
 * What others see of a use, as text: a report that brings none of it anything new is not told of. Of when seats were last reported that
 * is the day (UTC), as instances report daily. Until when it holds concerns nobody else, and changes whenever an instance is heard of.
 */
export function asTold(use: KeptSeatUse): string {
  const { holdsUntil: _, ...told } = use;
  return JSON.stringify({ ...told, reportedAt: dayOf(use.reportedAt) });
}

/** A use as it was kept last, as far as the next one is held against it. */
export interface KeptBefore extends Pick<
  KeptSeatUse,
  'reportedAt' | 'holdsUntil' | 'subscriptionId' | 'used' | 'purchased' | 'maximumSince'
> {
  /** Counts what was told, from 1. */
  readonly version: number;
  /** `asTold` of it; null where that was not kept. */
  readonly told: string | null;
}

/** What is to be done about a use. */
export interface NextUse {
  /** The version under which it is kept. */
  readonly version: number;
  /** True when it is to be told. */
  readonly isNews: boolean;
  /** True when it is to be kept: it is news, or differs in what nobody is told. */
  readonly isOther: boolean;
}

/**
 * @param before null when none was kept
 * @param tell ALWAYS, or where it has NEWS for others
 */
export function nextUse(use: KeptSeatUse, before: KeptBefore | null, tell: 'ALWAYS' | 'NEWS'): NextUse {
  if (before === null) return { version: 1, isNews: true, isOther: true };
  const isNews = tell === 'ALWAYS' || before.told !== asTold(use);
  const sameInstants =
    before.reportedAt.getTime() === use.reportedAt.getTime() &&
    before.holdsUntil?.getTime() === use.holdsUntil?.getTime();
  return { version: before.version + (isNews ? 1 : 0), isNews, isOther: isNews || !sameInstants };
}

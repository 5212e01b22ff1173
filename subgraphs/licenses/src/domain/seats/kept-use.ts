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
 * @param record with the peaks of `periodsOf(contract.term)`
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
 * What others see of a use: a report that brings none of it anything new is not told of. Of when seats were last reported that is
 * the day (UTC), as instances report daily. Until when it holds concerns nobody else, and changes whenever an instance is heard of.
 */
export function asTold(use: KeptSeatUse) {
  const { holdsUntil: _, ...told } = use;
  return { ...told, reportedAt: dayOf(use.reportedAt) };
}

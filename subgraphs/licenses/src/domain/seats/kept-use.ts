import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { seatsOf } from '../entitlements/seats.js';
import type { SeatReport } from '../usage.js';
import type { SeatContract } from './seat-contract.js';
import { dayOf } from './seat-sample.js';
import { periodsOf, seatUseOf, type PeriodMaximum, type UsedDays } from './seat-use.js';
import type { SeatRecord } from './seat-record.js';

/** The use of a deployment's seats under the contract in force, as it is kept and told. */
export interface KeptSeatUse extends SeatReport, SeatContract {
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
  contract: SeatContract,
  guestsBill: boolean,
): KeptSeatUse | null {
  const use = seatUseOf(record, { term: contract.term, guestsBill });
  if (use === null) return null;
  const report = { ...use, maximumSince: firstDayOf(contract) };
  const { overage } = seatsOf(report, { ...contract, termStart: contract.term?.start ?? null });
  return { ...contract, ...report, overage };
}

/**
 * What others see of a use: a report that brings none of it anything new is not told of. Of when seats were last reported that is
 * the day (UTC), as instances report daily.
 */
export function asTold(use: KeptSeatUse) {
  return { ...use, reportedAt: dayOf(use.reportedAt) };
}

function firstDayOf({ term }: SeatContract): LocalDate {
  return periodsOf(term)
    .map(({ start }) => start)
    .reduce((left, right) => (compareDates(left, right) <= 0 ? left : right));
}

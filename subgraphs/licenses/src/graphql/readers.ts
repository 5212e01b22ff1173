import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { AddOnSeat, AddOnSeatChange, AddOnSeatFilter } from '../service/add-on-seat-ports.js';
import type {
  SeatHistoryFilter,
  StoredSeatUse,
  SeatsOverFilter,
  SeatUsageDay,
} from '../service/seat-ports.js';
import type { UsageReportRecord } from '../service/signing-ports.js';

/*
 * Pages that resolvers read: each answers for one viewer, leaves out what that viewer may not see, and asks the database once a
 * call, for however many parents. They throw an InputError when their arguments are wrong.
 */

export interface AddOnSeatReader {
  /** By deployment, in the order of users. */
  seats(
    deploymentIds: readonly string[],
    asked: AddOnSeatFilter & PageArguments,
  ): Promise<Map<string, Connection<AddOnSeat>>>;
  /** By deployment, the newest first. */
  changes(
    deploymentIds: readonly string[],
    asked: AddOnSeatFilter & PageArguments,
  ): Promise<Map<string, Connection<AddOnSeatChange>>>;
}

export interface UsageReportReader {
  /** By deployment, those taken in last first. */
  reports(
    deploymentIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<UsageReportRecord>>>;
}

export interface SeatReader {
  /** By deployment, the newest day first. */
  history(
    deploymentIds: readonly string[],
    asked: SeatHistoryFilter & PageArguments,
  ): Promise<Map<string, Connection<SeatUsageDay>>>;
  /** The furthest over first. */
  over(filter: SeatsOverFilter, page: PageArguments): Promise<Connection<StoredSeatUse>>;
}

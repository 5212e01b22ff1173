import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type {
  SeatHistoryFilter,
  StoredSeatUse,
  SeatsOverFilter,
  SeatUsageDay,
} from '../service/seat-ports.js';

/*
 * Pages that resolvers read: each answers for one viewer, leaves out what that viewer may not see, and asks the database once a
 * call, for however many parents. They throw an InputError when their arguments are wrong.
 */

export interface SeatReader {
  /** By deployment, the newest day first. */
  history(
    deploymentIds: readonly string[],
    asked: SeatHistoryFilter & PageArguments,
  ): Promise<Map<string, Connection<SeatUsageDay>>>;
  /** The furthest over first. */
  over(filter: SeatsOverFilter, page: PageArguments): Promise<Connection<StoredSeatUse>>;
}

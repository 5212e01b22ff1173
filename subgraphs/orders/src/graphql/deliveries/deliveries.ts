import type { InternalViewer } from '@fulfillment/kernel/domain/viewer';
import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type {
  FailedDelivery,
  FailedDeliveryConditions,
  FailedDeliverySort,
  ProjectionRebuild,
  RebuildConditions,
} from '@fulfillment/schema/events/deliveries';
import type { Operations } from '../../service/deliveries/ports.js';
import {
  rebuildProjection,
  type RebuildProjectionAnswer,
  type RebuildProjectionRequest,
} from '../../service/deliveries/rebuild-projection.js';
import {
  redeliverEvents,
  type RedeliverEventsAnswer,
  type RedeliverEventsRequest,
} from '../../service/deliveries/redeliver-events.js';
import type { RunTransaction } from '../../service/ports.js';

type ListFailed = (
  page: PageArguments,
  sort: FailedDeliverySort,
  conditions: FailedDeliveryConditions,
) => Promise<Connection<FailedDelivery>>;

/** What operations may see and do. */
export interface Deliveries {
  readonly failed: ListFailed;
  rebuilds(conditions: RebuildConditions): Promise<readonly ProjectionRebuild[]>;
  redeliver(viewer: InternalViewer, request: RedeliverEventsRequest): Promise<RedeliverEventsAnswer>;
  rebuild(viewer: InternalViewer, request: RebuildProjectionRequest): Promise<RebuildProjectionAnswer>;
}

/** The bus as operations works with it. */
interface OperationsBus extends Operations {
  readonly failed: { readonly list: ListFailed };
  readonly board: Operations['board'] & Pick<Deliveries, 'rebuilds'>;
}

export function createDeliveries(run: RunTransaction, bus: OperationsBus): Deliveries {
  return {
    failed: (page, sort, conditions) => bus.failed.list(page, sort, conditions),
    rebuilds: (conditions) => bus.board.rebuilds(conditions),
    redeliver: (viewer, request) => redeliverEvents(run, bus, viewer, request),
    rebuild: (viewer, request) => rebuildProjection(run, bus, viewer, request),
  };
}

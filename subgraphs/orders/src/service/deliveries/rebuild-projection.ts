import { derivedId } from '@fulfillment/kernel/domain/ids';
import { clientOf, type InternalViewer } from '@fulfillment/kernel/domain/viewer';
import type { ProjectionRebuild } from '@fulfillment/schema/events/deliveries';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import { idempotencyKeyLength, textError } from '../../domain/order/text.js';
import type { RunTransaction } from '../ports.js';
import { type OperationsError, operationsError } from './errors.js';
import type { Operations } from './ports.js';
import { isProjection } from './topics.js';

export interface RebuildProjectionRequest {
  readonly idempotencyKey: string;
  readonly consumer: ServiceName;
  readonly topic: string;
  /** Whether one that is under way gives way to a new one. */
  readonly restart: boolean;
}

export interface RebuildProjectionAnswer {
  readonly rebuild: ProjectionRebuild | null;
  readonly errors: readonly OperationsError[];
}

/** Asks a service to drop a projection and build it again; it does so by itself, and tells on the board how far it is. */
export async function rebuildProjection(
  run: RunTransaction,
  operations: Operations,
  viewer: InternalViewer,
  { idempotencyKey, ...request }: RebuildProjectionRequest,
): Promise<RebuildProjectionAnswer> {
  const keyError = textError(idempotencyKey, ['idempotencyKey'], idempotencyKeyLength);
  if (keyError) return refused(operationsError('INVALID_VALUE', keyError.field, keyError.message));
  const client = clientOf(viewer);
  const call = { client, mutation: 'rebuildProjection', key: idempotencyKey, input: request };
  const id = derivedId('projection-rebuild', client, idempotencyKey, JSON.stringify(request));
  const once = await run((unit) =>
    unit.answerOnce(call, async () => toJson(await ask(operations, viewer, id, request))),
  );
  return once.kind === 'ANSWERED'
    ? fromJson(once.answer)
    : refused(operationsError(once.reason, ['idempotencyKey']));
}

async function ask(
  { board }: Operations,
  viewer: InternalViewer,
  id: string,
  { consumer, topic, restart }: Omit<RebuildProjectionRequest, 'idempotencyKey'>,
): Promise<RebuildProjectionAnswer> {
  if (!isProjection(consumer, topic)) return refused(operationsError('PROJECTION_UNKNOWN', ['topic']));
  const rebuild = await board.requestRebuild({ id, consumer, topic, requestedBy: viewer.subject }, restart);
  return rebuild === null
    ? refused(operationsError('REBUILD_UNDER_WAY', ['topic']))
    : { rebuild, errors: [] };
}

function refused(error: OperationsError): RebuildProjectionAnswer {
  return { rebuild: null, errors: [error] };
}

/** The answer is kept with its key, as plain JSON. */
type Kept = Omit<RebuildProjectionAnswer, 'rebuild'> & {
  readonly rebuild:
    (Omit<ProjectionRebuild, 'requestedAt' | 'finishedAt'> & { readonly requestedAt: string }) | null;
};

function toJson({ rebuild, errors }: RebuildProjectionAnswer): Kept {
  if (rebuild === null) return { rebuild, errors };
  const { finishedAt: _, ...rest } = rebuild;
  return { rebuild: { ...rest, requestedAt: rebuild.requestedAt.toISOString() }, errors };
}

/** A rebuild is answered as it was when it was asked for: not done. */
function fromJson({ rebuild, errors }: Kept): RebuildProjectionAnswer {
  if (rebuild === null) return { rebuild, errors };
  return { rebuild: { ...rebuild, requestedAt: new Date(rebuild.requestedAt), finishedAt: null }, errors };
}

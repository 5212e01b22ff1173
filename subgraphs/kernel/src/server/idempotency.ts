import { createHash } from 'node:crypto';
import { EntitySchema, QueryFailedError, type EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { IdempotentAnswer, IdempotentCall } from '../domain/idempotent-call.js';
import { query } from './sql.js';

/** A retry waits this long for the first attempt, then is told to come back. */
const waitMilliseconds = 5_000;

/** So many rows go in one statement, so that none holds locks for long. */
const forgottenAtOnce = 1_000;

interface IdempotencyKeyRow {
  client: string;
  mutation: string;
  key: string;
  inputHash: string;
  answer: unknown;
  createdAt: Date;
}

/** The answers that were given, kept at least seven days. */
export const idempotencyKeyEntity = new EntitySchema<IdempotencyKeyRow>({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  indices: [{ name: 'idempotency_key_created_at', columns: ['createdAt'] }],
  columns: {
    client: { type: 'text', primary: true },
    mutation: { type: 'text', primary: true },
    key: { type: 'text', primary: true },
    inputHash: { type: 'text', name: 'input_hash' },
    answer: { type: 'jsonb' },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
  },
});

/**
 * Gives one answer for one key, inside the caller's transaction: the first call does the work and its answer is kept in
 * the same transaction, so that a failure keeps nothing and can be tried again. A later call with the same input waits
 * for the first and gets its answer; with another input it is refused.
 *
 * @param work gives the answer to keep, as plain JSON; business refusals are answers too
 */
export async function answerOnce<Answer>(
  manager: EntityManager,
  call: IdempotentCall,
  work: () => Promise<Answer>,
): Promise<IdempotentAnswer<Answer>> {
  if (!(await lockKey(manager, call))) return { kind: 'REFUSED', reason: 'IDEMPOTENCY_CONFLICT' };
  const inputHash = hashInput(call.input);
  const [kept] = await query<{ input_hash: string; answer: Answer }>(
    manager,
    sql`SELECT input_hash, answer FROM idempotency_key
        WHERE client = ${call.client} AND mutation = ${call.mutation} AND key = ${call.key}`,
  );
  if (kept) {
    return kept.input_hash === inputHash
      ? { kind: 'ANSWERED', answer: kept.answer, repeated: true }
      : { kind: 'REFUSED', reason: 'IDEMPOTENCY_KEY_REUSED' };
  }
  const answer = await work();
  await query(
    manager,
    sql`INSERT INTO idempotency_key (client, mutation, key, input_hash, answer)
        VALUES (${call.client}, ${call.mutation}, ${call.key}, ${inputHash}, ${JSON.stringify(answer)})`,
  );
  return { kind: 'ANSWERED', answer, repeated: false };
}

/** Removes the answers that are older than seven days; a key that comes again after that is a new one. */
export async function forgetOldAnswers(manager: EntityManager): Promise<void> {
  for (;;) {
    const rows = await query(
      manager,
      sql`WITH old AS (
            SELECT client, mutation, key FROM idempotency_key
            WHERE created_at < now() - interval '7 days'
            ORDER BY created_at LIMIT ${forgottenAtOnce} FOR UPDATE SKIP LOCKED
          ), forgotten AS (
            DELETE FROM idempotency_key AS kept USING old
            WHERE (kept.client, kept.mutation, kept.key) = (old.client, old.mutation, old.key)
            RETURNING 1
          )
          SELECT 1 FROM forgotten`,
    );
    if (rows.length < forgottenAtOnce) return;
  }
}

/** Serializes the calls of one key until the transaction ends; false when the first does not end in time. */
async function lockKey(manager: EntityManager, call: IdempotentCall): Promise<boolean> {
  const name = `${call.client}\u0000${call.mutation}\u0000${call.key}`;
  try {
    // One message to the database: the number is of our own making, and the limit holds for this lock alone.
    await manager.query(
      `SET LOCAL lock_timeout = ${waitMilliseconds};
       SELECT pg_advisory_xact_lock('${lockNumber(name)}'::bigint);
       SET LOCAL lock_timeout = 0`,
    );
    return true;
  } catch (error) {
    if (
      error instanceof QueryFailedError &&
      (error.driverError as { code?: string }).code === lockNotAvailable
    ) {
      return false;
    }
    throw error;
  }
}

/** PostgreSQL's code for a lock that was not to be had within lock_timeout. */
const lockNotAvailable = '55P03';

function lockNumber(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64BE().toString();
}

function hashInput(input: unknown): string {
  return createHash('sha256').update(canonicalJson(input)).digest('hex');
}

/** JSON with the fields of every object sorted; a field that is null says as much as one that is left out. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof Date)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, field]) => field != null)
            .sort(([left], [right]) => (left < right ? -1 : 1)),
        )
      : inner,
  );
}

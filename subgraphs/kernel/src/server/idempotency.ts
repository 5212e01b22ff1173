import { createHash } from 'node:crypto';
import { EntitySchema, QueryFailedError, type EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { IdempotentAnswer, IdempotentCall } from '../domain/idempotent-call.js';
import type { LastWrites } from './last-writes.js';
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
  { manager, lastWrites }: { readonly manager: EntityManager; readonly lastWrites: LastWrites },
  call: IdempotentCall,
  work: () => Promise<Answer>,
): Promise<IdempotentAnswer<Answer>> {
  const inputHash = hashInput(call.input);
  const taken = await takeKey(manager, call, inputHash);
  if (taken === 'HELD') return { kind: 'REFUSED', reason: 'IDEMPOTENCY_CONFLICT' };
  if (taken === 'KNOWN') return keptAnswer(manager, call, inputHash);
  const answer = await work();
  const kept = JSON.stringify(answer);
  lastWrites.add(
    async () => sql`
      UPDATE idempotency_key SET answer = ${kept}
      WHERE client = ${call.client} AND mutation = ${call.mutation} AND key = ${call.key}`,
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

/**
 * Takes a key for this transaction, in one statement. The index has a second call wait until the first one's transaction ends: it
 * finds the key known then, or takes it where the first has failed. The limit holds for this wait alone.
 * @returns HELD when the first does not end in time
 */
async function takeKey(
  manager: EntityManager,
  { client, mutation, key }: IdempotentCall,
  inputHash: string,
): Promise<'TAKEN' | 'KNOWN' | 'HELD'> {
  try {
    const taken = await query(
      manager,
      sql`INSERT INTO idempotency_key (client, mutation, key, input_hash, answer)
          SELECT ${client}, ${mutation}, ${key}, ${inputHash}, 'null'::jsonb
          WHERE set_config('lock_timeout', ${String(waitMilliseconds)}, true) IS NOT NULL
          ON CONFLICT (client, mutation, key) DO NOTHING
          RETURNING set_config('lock_timeout', '0', true)`,
    );
    return taken.length > 0 ? 'TAKEN' : 'KNOWN';
  } catch (error) {
    if (
      error instanceof QueryFailedError &&
      (error.driverError as { code?: string }).code === lockNotAvailable
    ) {
      return 'HELD';
    }
    throw error;
  }
}

/** What was answered under a key that is known. One that was forgotten at this very moment is to come again. */
async function keptAnswer<Answer>(
  manager: EntityManager,
  { client, mutation, key }: IdempotentCall,
  inputHash: string,
): Promise<IdempotentAnswer<Answer>> {
  const [kept] = await query<{ input_hash: string; answer: Answer }>(
    manager,
    sql`SELECT input_hash, answer, set_config('lock_timeout', '0', true) FROM idempotency_key
        WHERE client = ${client} AND mutation = ${mutation} AND key = ${key}`,
  );
  if (kept === undefined) return { kind: 'REFUSED', reason: 'IDEMPOTENCY_CONFLICT' };
  return kept.input_hash === inputHash
    ? { kind: 'ANSWERED', answer: kept.answer, repeated: true }
    : { kind: 'REFUSED', reason: 'IDEMPOTENCY_KEY_REUSED' };
}

/** PostgreSQL's code for a lock that was not to be had within lock_timeout. */
const lockNotAvailable = '55P03';

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

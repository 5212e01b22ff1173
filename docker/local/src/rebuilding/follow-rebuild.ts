import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { progressBar } from '../progress-bar.js';
import type { Progress } from '../progress.js';
import type { AskGraph } from './graph-client.js';
import type { RebuildArguments } from './rebuild-arguments.js';

const askEveryMs = 500;

interface Rebuild {
  readonly id: string;
  readonly state: 'REQUESTED' | 'RUNNING' | 'DONE' | 'SUPERSEDED';
  readonly expected: number | null;
  readonly received: number;
}

const fields = 'id state expected received';
const listDocument = `query ($consumer: EventService!, $topic: String!) {
  projectionRebuilds(consumer: $consumer, topic: $topic) { ${fields} }
}`;
const askDocument = `mutation ($input: RebuildProjectionInput!) {
  rebuildProjection(input: $input) { rebuild { ${fields} } userErrors { message } }
}`;

/**
 * Asks for a rebuild, or takes up the one that is under way, and shows how far it is until it is done.
 * @throws when it is refused or another one takes its place, and when `signal` ends the watching; the rebuild goes on
 */
export async function followRebuild(
  ask: AskGraph,
  wanted: RebuildArguments,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  const name = `${wanted.topic} in ${wanted.consumer}`;
  const underWay = wanted.restart ? undefined : await findUnderWay(ask, wanted);
  const begun = underWay ?? (await askFor(ask, wanted));
  if (underWay) progress.line(`A rebuild of ${name} is under way: taking it up.`);
  try {
    await progress.step(
      name,
      (update) => untilDone(ask, wanted, begun.id, { update, signal }),
      ({ received }) => `${name}: ${received} events taken in`,
    );
  } catch (error) {
    if (signal.aborted) progress.line('  It goes on by itself; the same command takes it up again.');
    throw error;
  }
}

async function list(ask: AskGraph, { consumer, topic }: RebuildArguments): Promise<readonly Rebuild[]> {
  const variables = { consumer: consumer.toUpperCase(), topic };
  return (await ask<{ projectionRebuilds: Rebuild[] }>(listDocument, variables)).projectionRebuilds;
}

async function findUnderWay(ask: AskGraph, wanted: RebuildArguments): Promise<Rebuild | undefined> {
  return (await list(ask, wanted)).find(({ state }) => state === 'REQUESTED' || state === 'RUNNING');
}

async function askFor(ask: AskGraph, { consumer, ...wanted }: RebuildArguments): Promise<Rebuild> {
  const { rebuildProjection } = await ask<{
    rebuildProjection: { rebuild: Rebuild | null; userErrors: readonly { readonly message: string }[] };
  }>(askDocument, {
    input: { idempotencyKey: randomUUID(), consumer: consumer.toUpperCase(), ...wanted },
  });
  const { rebuild, userErrors } = rebuildProjection;
  if (rebuild === null) throw new Error(userErrors[0]?.message ?? 'No rebuild was begun.');
  return rebuild;
}

async function untilDone(
  ask: AskGraph,
  wanted: RebuildArguments,
  id: string,
  { update, signal }: { readonly update: (text: string) => void; readonly signal: AbortSignal },
): Promise<Rebuild> {
  const startedAt = performance.now();
  for (;;) {
    const rebuild = (await list(ask, wanted)).find((one) => one.id === id);
    if (rebuild === undefined || rebuild.state === 'SUPERSEDED') {
      throw new Error('Another rebuild has taken its place.');
    }
    if (rebuild.state === 'DONE') return rebuild;
    update(extentOf(rebuild, (performance.now() - startedAt) / 1000));
    await sleep(askEveryMs, undefined, { signal });
  }
}

function extentOf({ state, expected, received }: Rebuild, seconds: number): string {
  if (state === 'REQUESTED') return 'waits for the service to begin';
  if (expected === null) return 'waits for the producer';
  return progressBar({ done: received, total: Math.max(expected, 1), unit: 'events', seconds });
}

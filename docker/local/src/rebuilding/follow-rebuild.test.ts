import { expect, it } from 'vitest';
import { Progress } from '../progress.js';
import { followRebuild } from './follow-rebuild.js';
import type { AskGraph } from './graph-client.js';

const wanted = { consumer: 'licenses', topic: 'orders.product', restart: false } as const;
const rebuild = { id: 'one', expected: null as number | null, received: 0 };

/** A graph that shows a rebuild in these states, one at each question, and notes what was asked for. */
function graph(
  states: readonly object[],
  answer: object = { rebuild: { ...rebuild, state: 'REQUESTED' }, userErrors: [] },
) {
  const asked: unknown[] = [];
  const left = [...states];
  const ask = (async (document: string, variables: unknown) => {
    if (document.startsWith('query')) {
      const next = left.shift();
      return { projectionRebuilds: next === undefined ? [] : [{ ...rebuild, ...next }] };
    }
    asked.push(variables);
    return { rebuildProjection: answer };
  }) as AskGraph;
  return { ask, asked };
}

function terminal() {
  const written: string[] = [];
  return {
    written,
    progress: new Progress({ write: (text: string) => (written.push(text), true), isTTY: true }),
  };
}

it('asks for a rebuild and shows it until it is done', async () => {
  const { ask, asked } = graph([
    { state: 'DONE' },
    { state: 'REQUESTED' },
    { state: 'RUNNING', expected: 4, received: 1 },
    { state: 'DONE', expected: 4, received: 4 },
  ]);
  const { written, progress } = terminal();
  await followRebuild(ask, wanted, { progress, signal: new AbortController().signal });
  expect(asked).toMatchObject([{ input: { consumer: 'LICENSES', topic: 'orders.product', restart: false } }]);
  const text = written.join('');
  expect(text).toContain('waits for the service to begin');
  expect(text).toContain(' 25 %  1 of 4 events');
  expect(text).toContain('✓ orders.product in licenses: 4 events taken in');
});

it('takes up what is under way, and goes on by itself when the watching ends', async () => {
  const stopping = new AbortController();
  const { ask, asked } = graph([{ state: 'RUNNING' }, { state: 'RUNNING' }]);
  const { written, progress } = terminal();
  setTimeout(() => stopping.abort(), 50);
  await expect(followRebuild(ask, wanted, { progress, signal: stopping.signal })).rejects.toThrow('aborted');
  expect(asked).toEqual([]);
  const text = written.join('');
  expect(text).toContain('is under way: taking it up');
  expect(text).toContain('waits for the producer');
  expect(text).toContain('the same command takes it up again');
});

it('says why a rebuild is refused, and that another one took its place', async () => {
  const setting = { progress: terminal().progress, signal: new AbortController().signal };
  const refused = graph([], { rebuild: null, userErrors: [{ message: 'No such copy.' }] });
  await expect(followRebuild(refused.ask, wanted, setting)).rejects.toThrow('No such copy.');
  const superseded = graph([{ state: 'RUNNING' }, { state: 'SUPERSEDED' }]);
  await expect(followRebuild(superseded.ask, wanted, setting)).rejects.toThrow('taken its place');
});

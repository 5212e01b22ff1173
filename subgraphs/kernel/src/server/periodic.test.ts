import { startTracing } from '@fulfillment/telemetry/tracing';
import { startTraceCollector } from '@fulfillment/test/kit/trace-collector';
import { expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { startPeriodic } from './periodic.js';
import { currentTrace } from './request-scope.js';
import { observingWork } from './telemetry/observe-work.js';

it('each run is counted, logged and recorded under a trace of its own; what only informs the process is not recorded', async () => {
  const collector = await startTraceCollector();
  const lines: string[] = [];
  const ended: unknown[] = [];
  const tracing = await startTracing({
    service: 'test',
    endpoint: collector.endpoint,
    samples: (cause) => cause?.sampled ?? true,
  });
  const telemetry = {
    logger: createLogger('test', 'info', { write: (line) => void lines.push(line) }),
    observe: observingWork(tracing),
    onRunEnd: (name: string, failed: boolean, seconds: number) => {
      expect(seconds).toBeLessThan(5);
      ended.push([name, failed]);
    },
  };
  const traceIds: (string | undefined)[] = [];
  const run = async () => {
    traceIds.push(currentTrace()?.traceId);
    if (traceIds.length === 1) throw Object.assign(new Error('secret-4711'), { code: 'ECONNRESET' });
  };
  const pruning = { name: 'pruning', failure: 'It could not be pruned', milliseconds: 5 };
  const periodic = startPeriodic({ ...pruning, run }, telemetry);
  await expect.poll(() => ended.length, { timeout: 10_000 }).toBeGreaterThan(1);
  await periodic.stop();
  const routine = startPeriodic(
    { ...pruning, name: 'reading', run: async () => undefined, isRoutine: true },
    telemetry,
  );
  await routine.stop();
  await tracing.stop();

  expect(ended.slice(0, 2)).toEqual([
    ['pruning', true],
    ['pruning', false],
  ]);
  expect(ended.at(-1)).toEqual(['reading', false]);
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ msg: 'It could not be pruned', traceId: traceIds[0] }),
  ]);
  expect(new Set(traceIds).size).toBe(traceIds.length);
  expect(collector.spans.map(({ name, traceId, failed }) => ({ name, traceId, failed }))).toEqual(
    traceIds.map((traceId, index) => ({ name: 'periodic pruning', traceId, failed: index === 0 })),
  );
  expect(collector.bodies.join()).toContain('ECONNRESET');
  expect(collector.bodies.join()).not.toContain('secret-4711');
});

import { startTraceCollector } from '@fulfillment/test/kit/trace-collector';
import { afterEach, expect, it, vi } from 'vitest';
import { parseTraceParent } from './trace-parent.js';
import { isSpan, startTracing } from './tracing.js';

const parent = parseTraceParent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');

afterEach(() => vi.unstubAllEnvs());

const collector = await startTraceCollector();

it('without a collector it records nothing, keeps the trace it was told of, and gives others an id', async () => {
  const tracing = await startTracing({ service: 'test', samples: () => true });
  const told = tracing.begin('request', 'server', parent);
  expect(isSpan(told)).toBe(false);
  expect(told.child('part')).toBeUndefined();
  expect(told.traceparent).toBe('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
  const own = tracing.begin('request', 'server', undefined);
  expect(own.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(parseTraceParent(own.traceparent)).toMatchObject({ traceId: own.traceId, sampled: false });
});

it('what is not sampled says so to others, and is not sent', async () => {
  const tracing = await startTracing({ service: 'test', endpoint: collector.endpoint, samples: () => false });
  const trace = tracing.begin('request', 'server', parent);
  expect(trace.sampled).toBe(false);
  expect(trace.traceparent).toBe('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00');
  await tracing.stop();
  expect(collector.spans).toEqual([]);
});

it('sends what is sampled to the collector: each part below what it is a part of', async () => {
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=staging,service.name=other');
  const tracing = await startTracing({ service: 'test', endpoint: collector.endpoint, samples: () => true });
  const request = tracing.begin('request', 'server', parent, { 'graphql.operation.name': 'X' });
  if (!isSpan(request)) throw new Error('It is not recorded');
  const part = request.child('fetch', 'client');
  expect(parseTraceParent(part?.traceparent)).toMatchObject({ traceId: parent?.traceId, sampled: true });
  part?.end('no answer');
  request.end();
  await tracing.stop();
  const byName = new Map(collector.spans.map((span) => [span.name, span]));
  expect(byName.get('request')).toMatchObject({
    traceId: parent?.traceId,
    parentSpanId: parent?.spanId,
    failed: false,
  });
  expect(byName.get('fetch')).toMatchObject({
    traceId: parent?.traceId,
    parentSpanId: byName.get('request')?.spanId,
    failed: true,
  });
  expect(byName.get('request')?.service).toBe('test');
  expect(collector.bodies.at(-1)).toContain('staging');
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { parseTraceParent } from './trace-parent.js';
import { isSpan, startTracing } from './tracing.js';

const parent = parseTraceParent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');

interface Exported {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
}

/** A collector of traces that keeps what it is sent. */
async function startCollector() {
  const spans: Exported[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { resourceSpans } = body as { resourceSpans: { scopeSpans: { spans: Exported[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    spans,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => server.close(),
  };
}

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
  const collector = await startCollector();
  const tracing = await startTracing({ service: 'test', endpoint: collector.endpoint, samples: () => false });
  const trace = tracing.begin('request', 'server', parent);
  expect(trace.sampled).toBe(false);
  expect(trace.traceparent).toBe('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00');
  await tracing.stop();
  expect(collector.spans).toEqual([]);
  collector.stop();
});

it('sends what is sampled to the collector: each part below what it is a part of', async () => {
  const collector = await startCollector();
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
    status: {},
  });
  expect(byName.get('fetch')).toMatchObject({
    traceId: parent?.traceId,
    parentSpanId: byName.get('request')?.spanId,
    status: { code: 2 },
  });
  collector.stop();
});

import { freePort } from '@fulfillment/test/kit/free-port';
import { startTraceCollector } from '@fulfillment/test/kit/trace-collector';
import { afterAll, expect, it } from 'vitest';
import { startTestGateway } from './kit/gateway.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

const collector = await startTraceCollector();
const { spans } = collector;
const metricsPort = await freePort();

const gateway = await startTestGateway({
  variables: {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_TRACES_SAMPLER_ARG: '1',
    METRICS_PORT: String(metricsPort),
  },
});
afterAll(() => gateway.close());

const ask = (query: string) => gateway.ask(gateway.tokens.internal, query, undefined, { traceparent });
const metrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();

it('a request is one trace: parse, plan, each fetch and shape below it, and services are told their place', async () => {
  await ask('query Mine { accounts { totalCount } }');
  const told = gateway.services.orders.asked.at(-1)?.headers['traceparent'];
  await expect.poll(() => spans.map(({ name }) => name), { timeout: 10_000 }).toContain('request');
  const ours = spans.filter((span) => span.traceId === traceId);
  expect(new Set(ours.map(({ name }) => name))).toEqual(
    new Set(['request', 'parse', 'plan', 'fetch orders', 'shape']),
  );
  const [request, fetched] = ['request', 'fetch orders'].map((name) =>
    ours.find((span) => span.name === name),
  );
  expect(request?.parentSpanId).toBe('00f067aa0ba902b7');
  expect(fetched?.parentSpanId).toBe(request?.spanId);
  expect(told).toBe(`00-${traceId}-${fetched?.spanId}-01`);
});

it('the log and every error carry the id of the trace', async () => {
  const answer = await ask('{ unknown }');
  const [error] = (JSON.parse(answer.text) as { errors: { extensions: object }[] }).errors;
  expect(error?.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', traceId });
  const missing = await gateway.send({ headers: { traceparent } }, '/nowhere');
  expect(missing.text).toContain(`"traceId":"${traceId}"`);
  await expect
    .poll(() => gateway.lines.filter((line) => line['event'] === 'request'))
    .toContainEqual(expect.objectContaining({ traceId, codes: ['GRAPHQL_VALIDATION_FAILED'] }));
});

it('counts requests by the names of registered operations alone, and what services are asked', async () => {
  await ask('query NobodyKnowsThisName { accounts { totalCount } }');
  await expect
    .poll(metrics)
    .toMatch(
      /gateway_requests_total\{operation="unregistered",audience="internal",outcome="ok",service="gateway"\} \d/,
    );
  const text = await metrics();
  expect(text).not.toContain('NobodyKnowsThisName');
  expect(text).toMatch(
    /gateway_subgraph_requests_total\{subgraph="orders",outcome="ok",service="gateway"\} \d/,
  );
  expect(text).toMatch(/gateway_subgraph_circuit\{subgraph="orders",service="gateway"\} 0/);
  expect(text).toMatch(/gateway_admission\{what="limit",service="gateway"\} \d/);
  expect(text).toMatch(/gateway_cost_spent_total\{audience="internal",service="gateway"\} \d/);
  expect(text).toContain('nodejs_eventloop_lag_seconds');
});

it('clients find no metrics at their address', async () => {
  expect((await gateway.send({}, '/metrics')).status).toBe(404);
});

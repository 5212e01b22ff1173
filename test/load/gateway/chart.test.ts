import { describe, expect, it } from 'vitest';
import { benchChart, readable } from './chart.js';
import { benchReport } from './report.js';
import type { BenchResult, Figures } from './result.js';

const figures = (contender: Figures['contender'], cpuSecondsPer1000: number): Figures => ({
  contender,
  requestsPerSecond: 1000 / cpuSecondsPer1000,
  p50: 1,
  p99: 2,
  cpuSecondsPer1000,
  rssMegabytes: 100,
  serviceRequestsPerRequest: 16,
  failures: 0,
});
const result: BenchResult = {
  machine: { measuredOn: '2026-11-29', node: '20.20.2', cpu: 'A <fast> CPU', cores: 2, pinned: true },
  seconds: 1,
  rounds: 3,
  scenarios: [1, 50].map((connections) => ({
    graph: 'stand-ins',
    query: 'deep',
    requests: 'distinct',
    connections,
    figures: [figures('ours', 2), figures('stock', 20), figures('floor', 0.05)],
  })),
  leftOut: [{ graph: 'services', contender: 'hive-js', reason: 'It says no.' }],
};

describe('the chart', () => {
  const svg = benchChart(result);

  it('shows each contender once, at the most connections, as long as its CPU time', () => {
    const lengths = [...svg.matchAll(/class="(\w+)" x="\d+" y="\d+" width="([\d.]+)"/g)];
    expect(lengths.map(([, kind]) => kind)).toEqual(['ours', 'peer', 'floor']);
    const [ours = 0, stock = 0, floor = 0] = lengths.map(([, , width]) => Number(width));
    expect(stock / ours).toBeCloseTo(10);
    expect(floor).toBeGreaterThan(0);
  });

  it('is well-formed: what it is told is text, and every element is closed', () => {
    expect(svg).toContain('A &lt;fast> CPU');
    const opened = svg.match(/<[a-z]+[^>]*[^/]>/g) ?? [];
    expect(opened).toHaveLength(svg.match(/<\/[a-z]+>/g)?.length ?? 0);
  });

  it.each([
    [21.84, '21.8'],
    [0.0984, '0.0984'],
    [3, '3'],
    [412.6, '413'],
  ])('%d reads %s', (value, text) => {
    expect(readable(value)).toBe(text);
  });
});

it('the report sets each contender against ours and says what was left out', () => {
  const report = benchReport(result);
  expect(report).toMatch(/@apollo\/gateway +50 .* 20\.000 +10\.00x/);
  expect(report).toContain('deep query, distinct requests, 50 connections');
  expect(report).toContain('Not measured over services: hive-js. It says no.');
});

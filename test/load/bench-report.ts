import type { OrderBench } from './order-bench.js';
import { median } from './percentiles.js';

/** The figures as a person reads them: each beside its floor, with how far it is from it. */
export function benchReport(bench: OrderBench, clients: number): string {
  const fulfilled = median(bench.orders.map(({ fulfilledPerSecond }) => fulfilledPerSecond));
  const floor = median(bench.floors);
  const middle = (pick: (latency: OrderBench['latencies'][number]) => number) =>
    median(bench.latencies.map(pick));
  const floorP50 = median(bench.floorLatencies.map(({ p50 }) => p50));
  const floorP99 = median(bench.floorLatencies.map(({ p99 }) => p99));
  const p50 = middle(({ entitlement }) => entitlement.p50);
  const p99 = middle(({ entitlement }) => entitlement.p99);
  const pace = middle(({ perSecond }) => perSecond);
  return [
    'What an order writes, on average:',
    ...bench.shape.map(
      ({ database, transactions, tables }) =>
        `  ${database.padEnd(14)} ${transactions.toFixed(2).padStart(6)} transactions, ${changes(tables)}`,
    ),
    ...(bench.leftOut.length === 0 ? [] : [`  not in the floor: ${bench.leftOut.join(', ')}`]),
    '',
    `${''.padEnd(46)}${'measured'.padStart(12)}${'floor'.padStart(12)}${'ratio'.padStart(9)}`,
    line(`orders fulfilled a second, ${clients} clients`, fulfilled, floor, floor / fulfilled),
    line(`ms to the entitlement, p50 at ${pace.toFixed(1)} a second`, p50, floorP50, p50 / floorP50),
    line(`ms to the entitlement, p99 at ${pace.toFixed(1)} a second`, p99, floorP99, p99 / floorP99),
    `ms for the answer of placeOrder: p50 ${middle(({ answer }) => answer.p50).toFixed(0)}, p99 ${middle(({ answer }) => answer.p99).toFixed(0)}`,
    '',
    'Medians of the rounds. Floor: the same rows in as many transactions, a statement a row, into copies of the tables with',
    'the same indexes, in the same databases; for the entitlement, all transactions of an order one after another.',
  ].join('\n');
}

function changes(tables: OrderBench['shape'][number]['tables']): string {
  const sum = (pick: (table: (typeof tables)[number]) => number) =>
    tables.reduce((total, table) => total + pick(table), 0).toFixed(1);
  return `rows: ${sum(({ inserts }) => inserts)} inserted, ${sum(({ updates }) => updates)} updated, ${sum(({ deletes }) => deletes)} deleted`;
}

function line(what: string, measured: number, floor: number, ratio: number): string {
  const figure = (value: number) => value.toFixed(1).padStart(12);
  return `${what.padEnd(46)}${figure(measured)}${figure(floor)}${`${ratio.toFixed(1)}x`.padStart(9)}`;
}

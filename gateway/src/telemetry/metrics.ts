import { Metrics } from '@fulfillment/telemetry/metrics';
import type { Count, Durations } from '@fulfillment/telemetry/tallies';
import type { Outcome, RequestRecord } from './request-record.js';

/** What is read when metrics are asked for, rather than counted. */
export interface Levels {
  readonly admission: () => { readonly limit: number; readonly underWay: number };
  readonly services: () => readonly {
    readonly name: string;
    readonly underWay: number;
    readonly waiting: number;
    /** 0 closed, 1 half-open, 2 open. */
    readonly circuit: number;
  }[];
}

/** Operations that our own clients do not send are counted under one name: clients choose names, and each costs memory. */
const unregistered = 'unregistered';

/** The metrics of the gateway, for Prometheus. */
export class GatewayMetrics {
  readonly #metrics = new Metrics('gateway');
  readonly registry = this.#metrics.registry;
  readonly #requests = this.#metrics.counts('gateway_requests_total', 'GraphQL requests that ended', [
    'operation',
    'audience',
    'outcome',
  ]);
  readonly #durations = this.#metrics.durations<'operation' | 'audience'>(
    'gateway_request_duration_seconds',
    'From a request to its end',
  );
  readonly #fetches = this.#metrics.counts('gateway_subgraph_requests_total', 'What was asked of services', [
    'subgraph',
    'outcome',
  ]);
  readonly #fetchDurations = this.#metrics.durations<'subgraph'>(
    'gateway_subgraph_duration_seconds',
    'From asking a service to its answer, waiting included',
  );
  readonly #cacheReads = this.#metrics.counts('gateway_cache_reads_total', 'Reads of a cache', [
    'cache',
    'result',
  ]);
  readonly #sheds = this.#metrics.counter(
    'gateway_shed_total',
    'Requests that were refused for overload',
    [],
  );
  readonly #costs = this.#metrics.counts('gateway_cost_spent_total', 'What operations cost', ['audience']);
  readonly #counts = new Map<string, Count>();
  readonly #observed = new Map<string, Durations>();

  /** @param registered the names of the operations that our own clients send */
  constructor(private readonly registered: ReadonlySet<string>) {}

  requestEnded(record: RequestRecord, outcome: Outcome, seconds: number): void {
    const { operationName, audience = 'none' } = record;
    const operation =
      operationName !== undefined && this.registered.has(operationName) ? operationName : unregistered;
    this.#count(`requests ${operation} ${audience} ${outcome}`, () =>
      this.#requests.of({ operation, audience, outcome }),
    ).add();
    this.#duration(`requests ${operation} ${audience}`, () =>
      this.#durations.of({ operation, audience }),
    ).observe(seconds);
    if (record.cost === undefined) return;
    this.#count(`costs ${audience}`, () => this.#costs.of({ audience })).add(record.cost.actual);
  }

  /** What arrived was no request, or did not arrive whole. */
  requestRefusedUnread(): void {
    this.#count('unread', () =>
      this.#requests.of({ operation: unregistered, audience: 'none', outcome: 'refused' }),
    ).add();
  }

  /** @param outcome `ok`, `errors` when it answered with errors, `abandoned`, or the code of the failure */
  subgraphAnswered(subgraph: string, outcome: string, seconds: number): void {
    this.#count(`fetches ${subgraph} ${outcome}`, () => this.#fetches.of({ subgraph, outcome })).add();
    this.#duration(`fetches ${subgraph}`, () => this.#fetchDurations.of({ subgraph })).observe(seconds);
  }

  /** @param cache which of the caches */
  cacheRead(cache: 'entity' | 'response', result: 'hit' | 'miss' | 'stale' | 'bypass', count = 1): void {
    this.#count(`${cache} ${result}`, () => this.#cacheReads.of({ cache, result })).add(count);
  }

  shed(): void {
    this.#sheds.inc();
  }

  /** Adds what is looked up when metrics are asked for. */
  watch({ admission, services }: Levels): void {
    this.#metrics.gauge('gateway_admission', 'Requests under way, and how many may be', ['what'], (gauge) => {
      const { limit, underWay } = admission();
      gauge.set({ what: 'limit' }, limit);
      gauge.set({ what: 'under_way' }, underWay);
    });
    this.#metrics.gauge('gateway_subgraph_queue', 'Requests to a service', ['subgraph', 'state'], (gauge) => {
      for (const { name, underWay, waiting } of services()) {
        gauge.set({ subgraph: name, state: 'under_way' }, underWay);
        gauge.set({ subgraph: name, state: 'waiting' }, waiting);
      }
    });
    this.#metrics.gauge(
      'gateway_subgraph_circuit',
      '0 closed, 1 half-open, 2 open',
      ['subgraph'],
      (gauge) => {
        for (const { name, circuit } of services()) gauge.set({ subgraph: name }, circuit);
      },
    );
  }

  #count(key: string, make: () => Count): Count {
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#counts.set(key, made);
    return made;
  }

  #duration(key: string, make: () => Durations): Durations {
    const known = this.#observed.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#observed.set(key, made);
    return made;
  }
}

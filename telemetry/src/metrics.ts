import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Counts, DurationHistogram } from './tallies.js';

/** Bounds of histograms of durations, in seconds: from a cache's answer to a client that has given up. */
const durationBuckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * The metrics of one process: those that every Node.js process has, and what is added. Whoever adds one sees to it that
 * its labels take few values: each combination costs memory here and at whoever gathers them.
 */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A counter for what happens all the time. */
  counts<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counts<Label> {
    return new Counts(name, help, labelNames, this.registry);
  }

  /** A histogram, of durations in seconds, for what happens all the time. */
  durations<Label extends string>(name: string, help: string): DurationHistogram<Label> {
    return new DurationHistogram(name, help, durationBuckets, this.registry);
  }

  /** Of durations in seconds. */
  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: durationBuckets, registers: [this.registry] });
  }

  /** @param look is called when metrics are asked for, and sets the gauge */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    look: (gauge: Gauge<Label>) => void | Promise<void>,
  ): void {
    const gauge: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => look(gauge),
    });
  }
}

import { Counter, type Metric, type Registry } from 'prom-client';

/** The values of a metric's labels. Each combination costs memory here and at whoever gathers them. */
export type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** What was counted under one combination of labels. */
export class Count {
  private untold = 0;

  add(amount = 1): void {
    this.untold += amount;
  }

  /** What was counted since it was last asked. */
  take(): number {
    const amount = this.untold;
    this.untold = 0;
    return amount;
  }
}

/**
 * A counter for what happens thousands of times a second: whoever counts keeps the `Count` of its labels, and labels are
 * looked at only when metrics are asked for.
 */
export class Counts<Label extends string> {
  private readonly all: { readonly labels: Labels<Label>; readonly count: Count }[] = [];

  constructor(name: string, help: string, labelNames: readonly Label[], registry: Registry) {
    const counter: Counter<Label> = new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        for (const { labels, count } of this.all) counter.inc(labels, count.take());
      },
    });
  }

  /** To be asked for once and kept. */
  of(labels: Labels<Label>): Count {
    const count = new Count();
    this.all.push({ labels, count });
    return count;
  }
}

/** Durations under one combination of labels. */
export class Durations {
  /** How many there were up to each bound and above the one before it; the last are above all. */
  readonly counts: number[];
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = [...bounds, Infinity].map(() => 0);
  }

  observe(seconds: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket += 1;
    counts[bucket] = (counts[bucket] as number) + 1;
    this.sum += seconds;
  }
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A histogram of durations as {@link Counts} are a counter: a metric of its own, told as prom-client tells its histograms. */
export class DurationHistogram<Label extends string> {
  readonly type = 'histogram';
  private readonly all = new Map<string, { readonly labels: Labels<Label>; readonly durations: Durations }>();

  /** @param bounds of the buckets in seconds, in ascending order */
  constructor(
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
    registry: Registry,
  ) {
    registry.registerMetric(this as unknown as Metric);
  }

  /** To be asked for once and kept. */
  of(labels: Labels<Label>): Durations {
    const key = JSON.stringify(Object.entries(labels));
    const known = this.all.get(key) ?? { labels, durations: new Durations(this.bounds) };
    this.all.set(key, known);
    return known.durations;
  }

  /** What the registry asks each metric for. */
  async get() {
    const { name, help, type } = this;
    const values = [...this.all.values()].flatMap((each) => this.samples(each.labels, each.durations));
    return { name, help, type, values, aggregator: 'sum' };
  }

  private samples(sharedLabels: Labels<Label>, { counts, sum }: Durations): Sample[] {
    const sample = (kind: string, value: number, labels: Sample['labels'] = {}): Sample => ({
      metricName: `${this.name}_${kind}`,
      labels,
      sharedLabels,
      value,
    });
    let total = 0;
    const buckets = [...this.bounds, '+Inf'].map((le, index) => {
      total += counts[index] ?? 0;
      return sample('bucket', total, { le });
    });
    return [...buckets, sample('sum', sum), sample('count', total)];
  }
}

import type { MeterReading } from '../../allowance/readings.js';

/** What kind of thing a feature comes from. */
export type SourceKind = 'PLAN' | 'ADD_ON' | 'TRIAL' | 'GRANT' | 'OVERRIDE';

/** One thing that a feature comes from. */
export interface FeatureSource {
  readonly kind: SourceKind;
  /** The code of the plan or add-on; the id of what a person gave. */
  readonly code: string;
  /** What it is called. */
  readonly name: string;
  /** What the feature is called by it. */
  readonly featureName: string;
  /** What one unit brings; see `ProductFeature`. */
  readonly quantity: number | null;
  /** How often it counts: 1 for a plan whatever its seats, the purchased quantity for an add-on. */
  readonly units: number;
  /** False for an override that turns an on/off feature off. */
  readonly enabled: boolean;
  /** Allowances: how it is used up when it was granted once; null for what is there anew each month. */
  readonly once: {
    readonly id: string;
    readonly priority: number;
    readonly rolloverCap: number | null;
  } | null;
  /** Allowances: true when the product lets it be exceeded. */
  readonly overageAllowed: boolean;
  readonly from: Date | null;
  readonly until: Date | null;
  /** Why a person gave it. */
  readonly reason: string | null;
}

/** What was reported of a feature. */
export interface FeatureReports {
  /** How many are in use now, by the newest observation. */
  readonly used: number;
  /** When that was observed; null when it never was. */
  readonly observedAt: Date | null;
  readonly readings: readonly MeterReading[];
}

/** A source as it stands at an instant. */
export interface ExplainedSource extends Pick<
  FeatureSource,
  'kind' | 'code' | 'name' | 'from' | 'until' | 'reason'
> {
  /** All that it brings: a limit, or a quantity; null for on/off and for no limit. */
  readonly quantity: number | null;
  /** Allowances that were granted once: what is left of it. */
  readonly left: number | null;
  /** False when an override stands in its place. */
  readonly applies: boolean;
}

/** What every entitled feature states, whatever its kind. */
export interface FeatureIdentity {
  readonly key: string;
  readonly name: string;
  /** The plan when it unlocks the feature, else the first add-on that does, else what a person gave: GRANT or OVERRIDE. */
  readonly source: string;
  /** Everything that it comes from. */
  readonly sources: readonly ExplainedSource[];
}

/**
 * How features of one kind are worked out: from everything that unlocks the feature (the first override if there is one, then
 * the plan first) and its use, at an instant. A new kind is one new file that exports one of these, and its entry in
 * `features/index.ts`.
 */
export type MergeFeature<Facts> = (
  sources: readonly FeatureSource[],
  reports: FeatureReports,
  at: Date,
) => Facts & Pick<FeatureIdentity, 'sources'>;

/** The override among the sources that counts, if there is one. */
export function overrideOf(sources: readonly FeatureSource[]): FeatureSource | undefined {
  return sources.find(({ kind }) => kind === 'OVERRIDE');
}

/**
 * Sources as they are shown.
 * @param applies whether it counts
 * @param left what is left of what was granted once
 */
export function explained(
  sources: readonly FeatureSource[],
  applies: (source: FeatureSource) => boolean,
  left: (source: FeatureSource) => number | null = () => null,
): ExplainedSource[] {
  return sources.map((source) => {
    const { kind, code, name, from, until, reason, quantity, units } = source;
    return {
      kind,
      code,
      name,
      from,
      until,
      reason,
      quantity: quantity === null ? null : quantity * units,
      left: left(source),
      applies: applies(source),
    };
  });
}

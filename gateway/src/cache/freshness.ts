import type { SubgraphAnswer } from '../execution/subgraph-fetch.js';

/** What a service said of how long its answer holds. */
export interface ToldFreshness {
  /** Milliseconds from when it was asked; Infinity when no clock ends it. */
  readonly holdsForMs: number;
  /** What it depends on. */
  readonly dependsOn: readonly string[];
}

/** More than this is not worth following. */
const maximumTags = 500;

/** Undefined when the service did not say, or not in the form that is agreed: then the answer is not kept. */
export function readFreshness({ extensions }: SubgraphAnswer): ToldFreshness | undefined {
  const told = extensions?.['freshness'];
  if (typeof told !== 'object' || told === null) return undefined;
  const { holdsForMs, dependsOn } = told as { holdsForMs?: unknown; dependsOn?: unknown };
  if (holdsForMs !== null && !(typeof holdsForMs === 'number' && holdsForMs >= 0)) return undefined;
  if (!Array.isArray(dependsOn) || dependsOn.length > maximumTags) return undefined;
  if (!dependsOn.every((tag): tag is string => typeof tag === 'string')) return undefined;
  return { holdsForMs: holdsForMs ?? Infinity, dependsOn };
}

/** A tag as the gateway keeps it: what one service has changed says nothing of another's answers. */
export function serviceTag(service: string, tag: string): string {
  return `${service}/${tag}`;
}

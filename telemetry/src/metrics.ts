import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of one process: those that every Node.js process has, and what is added. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Bounds of histograms of durations, in seconds: from a cache's answer to a client that has given up. */
export const durationBuckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

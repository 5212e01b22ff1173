import DataLoader from 'dataloader';
import type { Deployment } from '../domain/deployment.js';
import type { License } from '../domain/license.js';
import type { AccountClock, Reader } from '../service/ports.js';
import { readEntitlements, type DeploymentEntitlements } from '../service/read-entitlements.js';

/**
 * Every read of a request: one statement for all keys of one tick. Null or an empty list is what does not exist or may
 * not be seen.
 */
export interface Loaders {
  readonly deployment: DataLoader<string, Deployment | null>;
  readonly deploymentsOfAccount: DataLoader<string, readonly Deployment[]>;
  /** By the deployment's id. */
  readonly entitlements: DataLoader<string, DeploymentEntitlements | null>;
  readonly license: DataLoader<string, License | null>;
  readonly licensesOfDeployment: DataLoader<string, readonly License[]>;
  readonly licensesOfSubscription: DataLoader<string, readonly License[]>;
}

/** Loaders for one request: what was loaded is remembered until its end. */
export function createLoaders(reader: Reader, clock: AccountClock): Loaders {
  return {
    deployment: oneEach(reader.deployments, ({ id }) => id),
    deploymentsOfAccount: listEach(reader.deploymentsOfAccounts, ({ accountId }) => accountId),
    entitlements: oneEach(
      (ids) => readEntitlements(reader, clock, ids),
      ({ deployment }) => deployment.id,
    ),
    license: oneEach(reader.licenses, ({ id }) => id),
    licensesOfDeployment: listEach(reader.licensesOfDeployments, ({ deploymentId }) => deploymentId),
    licensesOfSubscription: listEach(reader.licensesOfSubscriptions, ({ subscriptionId }) => subscriptionId),
  };
}

type ReadMany<Row> = (keys: readonly string[]) => Promise<readonly Row[]>;

function oneEach<Row>(read: ReadMany<Row>, keyOf: (row: Row) => string): DataLoader<string, Row | null> {
  return byUuid(async (keys) => {
    const rows = new Map((await read(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });
}

function listEach<Row>(read: ReadMany<Row>, keyOf: (row: Row) => string): DataLoader<string, readonly Row[]> {
  return byUuid(async (keys) => {
    const lists = new Map<string, Row[]>(keys.map((key) => [key, []]));
    for (const row of await read(keys)) lists.get(keyOf(row))?.push(row);
    return keys.map((key) => lists.get(key) ?? []);
  });
}

/** A UUID may be written in capitals; rows come with small letters. */
function byUuid<Value>(load: (keys: readonly string[]) => Promise<Value[]>): DataLoader<string, Value> {
  return new DataLoader((keys: readonly string[]) => load(keys.map((key) => key.toLowerCase())), {
    cacheKeyFn: (key) => key.toLowerCase(),
  });
}

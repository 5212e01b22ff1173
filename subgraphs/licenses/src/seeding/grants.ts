import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { RowCollector } from '@fulfillment/kernel/population/row-collector';
import { seededEvent } from '@fulfillment/kernel/population/seeder';
import type { DeploymentStory } from '@fulfillment/kernel/population/story';
import { columnsOf } from '@fulfillment/kernel/server/entity-rows';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { usualPriority, utcStart } from '../domain/allowance/ledger.js';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import { entitlementGrantEntity } from '../persistence/entitlement-entities.js';
import { grantToRow, grantVersion, toGrantPayload } from '../persistence/entitlement-mapping.js';

type Given = Pick<
  EntitlementGrant,
  'mode' | 'featureKey' | 'featureName' | 'featureKind' | 'quantity' | 'reason'
> & {
  /** Days from today on for which it holds; null for no end. */
  readonly days: number | null;
  readonly revokedFor?: string;
};

/** Which of so many deployments gets what, so that each kind is found in a small population. */
const turns: readonly { readonly every: number; readonly at: number; readonly given: Given }[] = [
  {
    every: 12,
    at: 3,
    given: {
      mode: 'ADDS',
      featureKey: 'compute_minutes',
      featureName: 'Compute minutes',
      featureKind: 'METERED_ALLOWANCE',
      quantity: 5_000,
      reason: 'Goodwill after the outage of the runners',
      days: 90,
    },
  },
  {
    every: 25,
    at: 11,
    given: {
      mode: 'ADDS',
      featureKey: 'sast',
      featureName: 'Advanced static application security testing',
      featureKind: 'ON_OFF',
      quantity: null,
      reason: 'To try before the renewal',
      days: 30,
    },
  },
  {
    every: 40,
    at: 7,
    given: {
      mode: 'REPLACES',
      featureKey: 'storage_gb',
      featureName: 'Storage in GB',
      featureKind: 'LIMIT',
      quantity: 1_500,
      reason: 'Agreed while their archive is moved',
      days: null,
    },
  },
  {
    every: 60,
    at: 19,
    given: {
      mode: 'ADDS',
      featureKey: 'storage_gb',
      featureName: 'Storage in GB',
      featureKind: 'LIMIT',
      quantity: 100,
      reason: 'Promised in the support case',
      days: null,
      revokedFor: 'The case was another customer’s',
    },
  },
];

const givenBefore = 10;

/** What persons gave to a deployment of the stories, ten days before today. @param place its number among all deployments */
export function grantsOf(
  { id, subscription }: DeploymentStory,
  place: number,
  today: string,
): EntitlementGrant[] {
  if (subscription === null) return [];
  const day = localDate(today);
  const from = utcStart(addDays(day, -givenBefore));
  return turns
    .filter(({ every, at }) => place % every === at)
    .map(({ given: { days, revokedFor, ...given } }) => ({
      ...given,
      id: derivedId('entitlement-grant', id, given.featureKey, given.mode),
      subject: { kind: 'DEPLOYMENT', deploymentId: id },
      enabled: true,
      priority: usualPriority,
      rolloverCap: null,
      from,
      until: days === null ? null : utcStart(addDays(day, days)),
      grantedBy: 'internal:support',
      grantedAt: from,
      revocation:
        revokedFor === undefined
          ? null
          : { at: utcStart(addDays(day, -1)), by: 'internal:support', reason: revokedFor },
    }));
}

/** Stores them, and gives what is told of them. */
export function storeGrants(grants: readonly EntitlementGrant[], rows: RowCollector): EventEnvelope[] {
  return grants.map((grant) => {
    rows.add('entitlement_grant', columnsOf(entitlementGrantEntity, grantToRow(grant)));
    return seededEvent({
      topic: 'licenses.entitlement-grant',
      kind: 'SNAPSHOT',
      aggregateId: grant.id,
      sequence: grantVersion(grant),
      occurredAt: (grant.revocation?.at ?? grant.grantedAt).toISOString(),
      payload: toGrantPayload(grant),
    });
  });
}

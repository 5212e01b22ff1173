import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Entitlements } from '../domain/entitlements/compute.js';
import type { ExplainedSource } from '../domain/entitlements/features/feature-kind.js';
import type { EntitledFeature } from '../domain/entitlements/features/index.js';
import type { Seats } from '../domain/entitlements/seats.js';
import { availableSeats } from '../domain/seats/add-on-seats.js';
import type {
  EntitledAddOn,
  EntitlementSource,
  LimitFeature,
  MeteredAllowanceFeature,
  OnOffFeature,
  SeatUsage,
} from './__generated__/resolvers.js';

/** GraphQL's Int ends here; a larger count is shown as this rather than as an error. */
const largestInt = 2 ** 31 - 1;

export function seatsToGraphql(seats: Seats): SeatUsage {
  return {
    purchased: toInt(seats.purchased),
    used: toInt(seats.used),
    maximum: toInt(seats.maximum),
    overage: toInt(seats.overage),
    reportedAt: seats.reportedAt,
  };
}

type GraphqlFeature =
  | (OnOffFeature & { readonly __typename: 'OnOffFeature' })
  | (LimitFeature & { readonly __typename: 'LimitFeature' })
  | (MeteredAllowanceFeature & { readonly __typename: 'MeteredAllowanceFeature' });

/** The feature as the type of the schema that stands for its kind. */
export function featureToGraphql(feature: EntitledFeature): GraphqlFeature {
  const { key, name, source, sources } = feature;
  const common = { key, name, source, explain: sources.map(sourceToGraphql) };
  switch (feature.kind) {
    case 'ON_OFF':
      return { __typename: 'OnOffFeature', ...common, enabled: feature.enabled };
    case 'LIMIT':
      return {
        __typename: 'LimitFeature',
        ...common,
        limit: feature.limit === null ? null : toInt(feature.limit),
        used: toInt(feature.used),
        observedAt: feature.observedAt,
      };
    case 'METERED_ALLOWANCE':
      return {
        __typename: 'MeteredAllowanceFeature',
        ...common,
        quota: toInt(feature.quota),
        allowance: toInt(feature.allowance),
        used: toInt(feature.used),
        remaining: toInt(feature.remaining),
        overage: toInt(feature.overage),
        overageAllowed: feature.overageAllowed,
        resetsOn: feature.resetsOn,
      };
    default:
      return assertNever(feature);
  }
}

export function addOnToGraphql({
  productCode,
  name,
  quantity,
  assigned,
}: Entitlements['addOns'][number]): EntitledAddOn {
  return {
    productCode,
    name,
    product: { code: productCode },
    quantity: toInt(quantity),
    assigned,
    available: assigned === null ? null : toInt(availableSeats({ purchased: quantity, assigned })),
  };
}

/** Field by field: it is made for every source of every feature, and the rest of an object takes long to gather. */
function sourceToGraphql(source: ExplainedSource): EntitlementSource {
  const { kind, code, name, from, until, reason, applies, quantity, left } = source;
  return {
    kind,
    code,
    name,
    from,
    until,
    reason,
    applies,
    quantity: quantity === null ? null : toInt(quantity),
    left: left === null ? null : toInt(left),
  };
}

export function toInt(count: number): number {
  return Math.min(count, largestInt);
}

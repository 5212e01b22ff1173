import { derivedId, isUuid } from '@fulfillment/kernel/domain/ids';
import { type OfferError, offerError } from '../../domain/offers/errors.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';

export interface FeatureInterestRequest extends Keyed {
  readonly deploymentId: string;
  readonly featureKey: string;
  readonly kind: 'CLICKED' | 'TRIED';
}

/** How often the feature was wanted by then, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface FeatureInterestAnswer {
  readonly times: number | null;
  readonly errors: readonly OfferError[];
}

/** Records that a locked feature was clicked or tried at a deployment: rules may offer it from then on. */
export async function recordFeatureInterest(
  run: RunTransaction,
  asking: Asking,
  request: FeatureInterestRequest,
): Promise<FeatureInterestAnswer> {
  return callOnce(
    run,
    asking,
    'recordFeatureInterest',
    request,
    (unit) => record(unit, asking, request),
    (error) => refused([error]),
  );
}

async function record(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  { deploymentId: given, featureKey }: FeatureInterestRequest,
): Promise<FeatureInterestAnswer> {
  const deploymentId = given.toLowerCase();
  const deployments = isUuid(given)
    ? await unit.offers.deployments(viewer, receivedAt, [deploymentId])
    : new Map<string, never>();
  const deployment = deployments.get(deploymentId);
  const features = (await unit.facts.products()).flatMap((product) => product.features);
  const errors = [
    ...(deployment === undefined ? [offerError('DEPLOYMENT_NOT_FOUND', ['deploymentId'])] : []),
    ...(features.some(({ key }) => key === featureKey)
      ? []
      : [offerError('FEATURE_UNKNOWN', ['featureKey'])]),
  ];
  if (deployment === undefined || errors.length > 0) return refused(errors);
  const at = await unit.clock.now(deployment.accountId);
  const times = await unit.offers.addInterest({ deploymentId, featureKey, at });
  await unit.events.append('orders.feature-interest', {
    aggregateId: derivedId('feature-interest', deploymentId, featureKey),
    version: times,
    occurredAt: at,
    payload: { deploymentId, featureKey, times, lastAt: at.toISOString() },
  });
  return { times, errors: [] };
}

function refused(errors: readonly OfferError[]): FeatureInterestAnswer {
  return { times: null, errors };
}

import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { ActionPlace } from './actions/action-setting.js';
import { type OrderError, orderError } from './errors.js';
import { type OrderFacts, stillRunsOn } from './facts.js';
import type { DeploymentReference } from './order.js';
import { deploymentNameLength, externalIdLength, textError } from './text.js';

/** A deployment by what the customer knows of it. */
export interface DeploymentInput {
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name?: string | null;
}

/** The deployment of a new subscription, or why it cannot have one. */
export function judgeDeployment(
  { kind, externalId, name }: DeploymentInput,
  facts: OrderFacts,
  { path, effectiveDate }: ActionPlace,
): Result<DeploymentReference, OrderError[]> {
  const field = [...path, 'deployment'];
  const malformed = [
    textError(externalId, [...field, 'externalId'], externalIdLength),
    name == null ? null : textError(name, [...field, 'name'], deploymentNameLength),
  ].filter((error) => error !== null);
  if (malformed.length > 0) return err(malformed);

  const id = deploymentId(kind, externalId);
  const known = facts.deployments.get(id);
  if (known !== undefined && known.accountId !== facts.buyer.account.id) {
    const message = 'This deployment cannot be ordered for by this account: check its kind and external id.';
    return err([orderError('DEPLOYMENT_NOT_ELIGIBLE', field, message)]);
  }
  if (known?.orderUnderWay === true) {
    const message = 'An order for this deployment is under way; wait until it is fulfilled.';
    return err([orderError('DEPLOYMENT_ALREADY_SUBSCRIBED', field, message)]);
  }
  if (known?.subscriptions.some((agreement) => stillRunsOn(agreement, effectiveDate)) === true) {
    const message = `This deployment has a subscription that still runs on ${effectiveDate}.`;
    return err([orderError('DEPLOYMENT_ALREADY_SUBSCRIBED', field, message)]);
  }
  return ok({ id, kind, externalId, name: name ?? known?.name ?? externalId });
}

/** There is one trial for each deployment and plan, ever. */
export function judgeTrial(
  {
    deployment,
    planCode,
    trialDays,
  }: {
    readonly deployment: DeploymentInput;
    readonly planCode: string;
    readonly trialDays?: number | null;
  },
  { deployments }: OrderFacts,
  { path }: ActionPlace,
): OrderError | null {
  if (trialDays == null) return null;
  const known = deployments.get(deploymentId(deployment.kind, deployment.externalId));
  if (known?.trialedPlans.includes(planCode) !== true) return null;
  const message = 'This deployment had a trial of this plan: leave `trialDays` out to buy it.';
  return orderError('TRIAL_ALREADY_USED', [...path, 'trialDays'], message);
}

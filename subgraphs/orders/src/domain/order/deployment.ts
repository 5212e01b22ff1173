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
  if (!isEligible(id, facts)) {
    const message = 'This deployment cannot be ordered for by this account: check its kind and external id.';
    return err([orderError('DEPLOYMENT_NOT_ELIGIBLE', field, message)]);
  }
  const known = facts.deployments.get(id);
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

/** Not another account's, nor another one than the viewer works for: of those nothing is told, not even that they exist. */
function isEligible(id: string, { deployments, namedDeploymentId, buyer }: OrderFacts): boolean {
  if (namedDeploymentId !== null && id !== namedDeploymentId) return false;
  const known = deployments.get(id);
  return known === undefined || known.accountId === buyer.account.id;
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
  facts: OrderFacts,
  { path }: ActionPlace,
): OrderError | null {
  if (trialDays == null) return null;
  const id = deploymentId(deployment.kind, deployment.externalId);
  if (!isEligible(id, facts)) return null;
  const known = facts.deployments.get(id);
  if (known?.trialedPlans.includes(planCode) !== true) return null;
  const message = 'This deployment had a trial of this plan: leave `trialDays` out to buy it.';
  return orderError('TRIAL_ALREADY_USED', [...path, 'trialDays'], message);
}

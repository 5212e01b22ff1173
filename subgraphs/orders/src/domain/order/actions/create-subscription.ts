import { addMonths } from '@fulfillment/kernel/domain/calendar';
import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { type OrderError, orderError } from '../errors.js';
import { type OrderFacts, stillRunsOn } from '../facts.js';
import { deploymentNameLength, externalIdLength, textError } from '../text.js';
import type { ActionIdentity, ActionPlace, ActionRules } from './action-rules.js';
import { judgeItem, type RatedItem, type SubscriptionItem } from './subscription-item.js';

/** A subscription as it is asked for. */
export interface CreateSubscriptionInput {
  readonly deployment: {
    readonly kind: DeploymentKind;
    readonly externalId: string;
    readonly name?: string | null;
  };
  readonly planCode: string;
  readonly quantity: number;
  readonly addOns?: readonly { readonly productCode: string; readonly quantity: number }[] | null;
}

/** A deployment by what the customer knows of it, with its derived id. */
export interface DeploymentReference {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name: string;
}

/** What is agreed by creating a subscription. */
export interface CreateSubscriptionDetails {
  readonly kind: 'CREATE_SUBSCRIPTION';
  readonly deployment: DeploymentReference;
  /** The length of the first term. */
  readonly termMonths: number;
  readonly autoRenewal: boolean;
  /** Exactly one plan, then its add-ons. */
  readonly items: readonly [SubscriptionItem, ...SubscriptionItem[]];
}

/** Creates a subscription: one plan, with add-ons, for one deployment. */
export type CreateSubscriptionAction = ActionIdentity & CreateSubscriptionDetails;

/** List prices are billed by the year: so long is the first term. */
const termMonths = 12;

export const createSubscription: ActionRules<CreateSubscriptionInput, CreateSubscriptionDetails> = {
  steps: ['SUBSCRIPTION_CREATED', 'INVOICE_POSTED', 'ENTITLEMENTS_GRANTED', 'LICENSE_ISSUED'],

  claimedDeployment: ({ deployment }) => deployment.id,

  deploymentIds: ({ deployment }) => [deploymentId(deployment.kind, deployment.externalId)],

  judge(input, facts, place) {
    const deployment = judgeDeployment(input, facts, place);
    const plan = judgePlan(input, facts, place);
    const addOns = judgeAddOns(input, facts, place);
    const errors = [deployment, plan, ...addOns].flatMap((judged) => (judged.ok ? [] : judged.error));
    if (!deployment.ok || !plan.ok || errors.length > 0) return err(errors);
    const extras = addOns.flatMap((judged) => (judged.ok ? [judged.value] : []));
    return ok({
      details: {
        kind: 'CREATE_SUBSCRIPTION',
        deployment: deployment.value,
        termMonths,
        autoRenewal: true,
        items: [plan.value.item, ...extras.map(({ item }) => item)],
      },
      charges: [plan.value, ...extras].flatMap(({ charges }) => charges),
    });
  },
};

function judgeDeployment(
  { deployment: { kind, externalId, name } }: CreateSubscriptionInput,
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
  if (known?.subscriptions.some((term) => stillRunsOn(term, effectiveDate)) === true) {
    const message = `This deployment has a subscription that still runs on ${effectiveDate}.`;
    return err([orderError('DEPLOYMENT_ALREADY_SUBSCRIBED', field, message)]);
  }
  return ok({ id, kind, externalId, name: name ?? known?.name ?? externalId });
}

function judgePlan(
  { planCode, quantity, deployment }: CreateSubscriptionInput,
  facts: OrderFacts,
  place: ActionPlace,
): Result<RatedItem, OrderError[]> {
  const codeField = [...place.path, 'planCode'];
  const judged = judgeItem(
    {
      productCode: planCode,
      kind: 'PLAN',
      quantity,
      term: firstTerm(place),
      codeField,
      quantityField: [...place.path, 'quantity'],
    },
    facts,
  );
  return refuseOtherKinds(judged, deployment.kind, codeField);
}

function judgeAddOns(
  { addOns, deployment }: CreateSubscriptionInput,
  facts: OrderFacts,
  place: ActionPlace,
): Result<RatedItem, OrderError[]>[] {
  const seen = new Set<string>();
  return (addOns ?? []).map(({ productCode, quantity }, index) => {
    const field = [...place.path, 'addOns', index];
    const codeField = [...field, 'productCode'];
    if (seen.has(productCode)) {
      return err([orderError('INVALID_VALUE', codeField, 'Name each add-on once, with the whole quantity.')]);
    }
    seen.add(productCode);
    const quantityField = [...field, 'quantity'];
    const judged = judgeItem(
      { productCode, kind: 'ADD_ON', quantity, term: firstTerm(place), codeField, quantityField },
      facts,
    );
    return refuseOtherKinds(judged, deployment.kind, codeField);
  });
}

function refuseOtherKinds(
  judged: Result<RatedItem, OrderError[]>,
  kind: DeploymentKind,
  codeField: readonly (string | number)[],
): Result<RatedItem, OrderError[]> {
  if (!judged.ok || judged.value.product.deploymentKinds.includes(kind)) return judged;
  const { name, deploymentKinds } = judged.value.product;
  const message = `${name} is not sold for ${kind}, only for ${deploymentKinds.join(', ')}.`;
  return err([orderError('DEPLOYMENT_NOT_ELIGIBLE', codeField, message)]);
}

function firstTerm({ effectiveDate }: ActionPlace): LocalPeriod {
  return { start: effectiveDate, end: addMonths(effectiveDate, termMonths) };
}

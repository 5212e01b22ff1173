import type { TaxRates } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { endOfDayAt, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Clock } from '@fulfillment/kernel/domain/clock';
import type { Product } from '../../domain/catalog/product.js';
import type { Dismissal, FeatureInterest, OfferedDeployment, OfferFacts } from '../../domain/offers/facts.js';
import type { OfferRule } from '../../domain/offers/rule.js';
import {
  type DeploymentFacts,
  stillRunsOn,
  type SubscriptionFacts,
  type Buyer,
} from '../../domain/order/facts.js';

/** A deployment with its account, its contracts, and what became of the offers to it. */
export interface OfferedRecord {
  readonly deployment: OfferedDeployment;
  readonly buyer: Buyer;
  /** All that were agreed for it, the newest first. */
  readonly subscriptions: readonly SubscriptionFacts[];
  /** An order for it was taken and what became of it is not known here yet. */
  readonly orderUnderWay: boolean;
  readonly interest: readonly FeatureInterest[];
  readonly dismissals: readonly Dismissal[];
}

export interface OfferReader {
  /** Of these deployments those that the viewer may see, with the price list and the rules, at once. */
  offerRecords(deploymentIds: readonly string[]): Promise<{
    readonly deployments: readonly OfferedRecord[];
    readonly products: readonly Product[];
    readonly rules: readonly OfferRule[];
  }>;
}

/** What offers are worked out by, besides how the deployment is used. */
export interface OfferSource {
  readonly reader: OfferReader;
  readonly clock: Clock;
  readonly taxRates: TaxRates;
}

/** The facts of offers by deployment; one that the viewer may not see is missing. */
export async function readOfferFacts(
  { reader, clock, taxRates }: OfferSource,
  deploymentIds: readonly string[],
): Promise<ReadonlyMap<string, OfferFacts>> {
  const { deployments, products, rules } = await reader.offerRecords(deploymentIds);
  const byCode = new Map(products.map((product) => [product.code, product]));
  const facts = deployments.map(async (record) => {
    const at = await clock.now(record.buyer.account.id);
    return [record.deployment.id, await factsOf(record, { at, rules, products: byCode, taxRates })] as const;
  });
  return new Map(await Promise.all(facts));
}

interface OfferSetting {
  readonly at: Date;
  readonly rules: readonly OfferRule[];
  readonly products: ReadonlyMap<string, Product>;
  readonly taxRates: TaxRates;
}

/** What an order of the buyer would be judged by at this moment: the same as `previewOrder` loads. */
async function factsOf(record: OfferedRecord, setting: OfferSetting): Promise<OfferFacts> {
  const { deployment, buyer, interest, dismissals } = record;
  const { at, rules, products, taxRates } = setting;
  const { billingTimeZone } = buyer.account;
  const today = localDateAt(at, billingTimeZone);
  const subscription = record.subscriptions.find(({ agreement }) => stillRunsOn(agreement, today)) ?? null;
  const { legalEntityCode, countryCode } = subscription?.invoiceOwner ?? buyer.invoiceOwner;
  const tax = await taxRates.rateFor({
    legalEntityCode,
    buyerCountryCode: countryCode,
    buyerIsBusiness: true,
    taxCategory: 'STANDARD',
    on: today,
  });
  return {
    deployment,
    subscription,
    order: {
      today,
      audience: 'product',
      buyer,
      subscriptions: new Map(subscription === null ? [] : [[subscription.id, subscription]]),
      receivers: new Map(),
      deployments: new Map([[deployment.id, deploymentFacts(record)]]),
      namedDeploymentId: deployment.id,
      products,
      tax,
    },
    at,
    endOfDay: endOfDayAt(at, billingTimeZone),
    rules,
    interest,
    dismissals,
  };
}

/** No offer is a trial, so that nothing has to be known of earlier ones. */
function deploymentFacts({
  deployment,
  buyer,
  subscriptions,
  orderUnderWay,
}: OfferedRecord): DeploymentFacts {
  return {
    id: deployment.id,
    accountId: buyer.account.id,
    name: null,
    subscriptions: subscriptions.map(({ agreement }) => agreement),
    trialedPlans: [],
    orderUnderWay,
  };
}

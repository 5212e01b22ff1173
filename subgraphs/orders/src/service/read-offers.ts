import { type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Clock } from '@fulfillment/kernel/domain/clock';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { type Offer, offersFor, type SeatUsage } from '../domain/catalog/offers.js';
import type { Product } from '../domain/catalog/product.js';

/** A deployment with what an offer for it depends on. */
export interface OfferedDeployment {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly accountId: string;
  readonly billingTimeZone: string;
  readonly currency: CurrencyCode;
}

export interface OfferReader {
  /** Of these deployments those that the viewer may see, and the price list, at once. */
  offerFacts(deploymentIds: readonly string[]): Promise<{
    readonly deployments: readonly OfferedDeployment[];
    readonly products: readonly Product[];
  }>;
}

/** What is known for offers to one deployment, before its plan and seats are. */
export interface OfferGround {
  readonly deployment: OfferedDeployment;
  readonly products: readonly Product[];
  /** The present instant of the account. */
  readonly at: Date;
  /** The day that it then is in the account's billing time zone. */
  readonly today: LocalDate;
}

/** The grounds of offers by deployment; one that the viewer may not see is missing. */
export async function readOfferGrounds(
  reader: OfferReader,
  clock: Clock,
  deploymentIds: readonly string[],
): Promise<ReadonlyMap<string, OfferGround>> {
  const { deployments, products } = await reader.offerFacts(deploymentIds);
  const grounds = deployments.map(async (deployment) => {
    const at = await clock.now(deployment.accountId);
    const today = localDateAt(at, deployment.billingTimeZone);
    return [deployment.id, { deployment, products, at, today }] as const;
  });
  return new Map(await Promise.all(grounds));
}

/** The best offers first. */
export function offersOn(
  { deployment, products, today }: OfferGround,
  planCode: string,
  seats: SeatUsage,
): Offer[] {
  const { kind: deploymentKind, currency } = deployment;
  return offersFor({ deploymentKind, currency, products, today, planCode, seats });
}

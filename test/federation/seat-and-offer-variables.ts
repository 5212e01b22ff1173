import { randomUUID } from 'node:crypto';
import { addDays, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { expect } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import type { TestSystem } from '../kit/system.js';

type Variables = () => Record<string, unknown> | Promise<Record<string, unknown>>;

/** What was bought for a namespace, and what is offered to it. */
interface Offered {
  readonly deploymentKind: string;
  readonly externalId: string;
  readonly offer: { readonly id: string; readonly unlocks: readonly { readonly key: string }[] };
}

/**
 * Variables of the operations about seats, offers and leads, by operation name.
 * @param account who buys a namespace of its own for each call
 * @param day within which what is counted by days lies
 */
export function seatAndOfferVariables(
  { graphql }: Pick<TestSystem, 'graphql'>,
  account: string,
  day: LocalDate,
): Readonly<Record<string, Variables>> {
  const token = { audience: 'product', account } as const;
  const keyed = () => ({ idempotencyKey: randomUUID() });

  /** A namespace with an add-on that is assigned to users, known to every service. */
  async function newNamespace(): Promise<Offered> {
    const deployment = { deploymentKind: 'SAAS_NAMESPACE', externalId: `seats-${randomUUID()}` };
    await graphql(token, clientOperation('product/PlaceOrder'), { order: orderFor(deployment.externalId) });
    const offers = async () => {
      const { data } = await graphql<{ entitlements: { upsells: Offered['offer'][] | null } | null }>(
        token,
        `
          query ($deploymentKind: DeploymentKind!, $externalId: String!) {
            entitlements(deploymentKind: $deploymentKind, externalId: $externalId) {
              addOns {
                quantity
              }
              upsells(placement: "HOME", limit: 1) {
                id
                unlocks {
                  key
                }
              }
            }
          }
        `,
        deployment,
      );
      return data?.entitlements?.upsells ?? [];
    };
    let offer: Offered['offer'] | undefined;
    await expect.poll(async () => ([offer] = await offers()).length, { timeout: 20_000 }).toBe(1);
    if (offer === undefined) throw new Error('Nothing is offered to the new namespace');
    return { ...deployment, offer };
  }

  const orderFor = (externalId: string) => ({
    ...keyed(),
    actions: [
      {
        createSubscription: {
          deployment: { kind: 'SAAS_NAMESPACE', externalId },
          planCode: 'PREMIUM',
          quantity: 3,
          addOns: [{ productCode: 'AI_ADD_ON', quantity: 2 }],
        },
      },
    ],
  });

  const idOf = ({ externalId }: Offered) => deploymentId('SAAS_NAMESPACE', externalId);
  const userSeats = async () => {
    const { deploymentKind, externalId } = await newNamespace();
    return { ...keyed(), deploymentKind, externalId, productCode: 'AI_ADD_ON', userIds: ['ada', 'grace'] };
  };
  const seatReport = async () => {
    const { deploymentKind, externalId } = await newNamespace();
    return { input: { ...keyed(), reports: [{ deploymentKind, externalId, counts: [{ count: 2 }] }] } };
  };
  const featureUseReport = async () => {
    const { deploymentKind: kind, externalId } = await newNamespace();
    const deployment = { kind, externalId };
    return { input: { ...keyed(), reports: [{ deployment, featureKey: 'storage_gb', used: 12 }] } };
  };
  const allowanceReport = async () => {
    const { deploymentKind: kind, externalId } = await newNamespace();
    const meter = { source: 'runners', measuredAt: `${day}T00:00:00Z`, used: 12 };
    return {
      input: { ...keyed(), deployment: { kind, externalId }, featureKey: 'compute_minutes', ...meter },
    };
  };
  const contact = async () => ({
    contact: {
      ...keyed(),
      deploymentId: idOf(await newNamespace()),
      name: 'Ada',
      email: `${randomUUID()}@customer.example`,
    },
  });

  async function someLead(): Promise<string> {
    await graphql(token, clientOperation('product/RequestSalesContact'), await contact());
    const { data } = await graphql<{ leads: { nodes: { id: string }[] } }>(
      { audience: 'internal' },
      '{ leads(first: 1, filter: { status: NEW }) { nodes { id } } }',
    );
    return data?.leads.nodes[0]?.id ?? '';
  }

  return {
    ProductAddOnSeats: async () => ({ deploymentId: idOf(await newNamespace()) }),
    ProductAssignAddOnSeats: async () => ({ input: await userSeats() }),
    ProductUnassignAddOnSeats: async () => {
      const seats = await userSeats();
      await graphql(token, clientOperation('product/AssignAddOnSeats'), { input: { ...seats, ...keyed() } });
      return { input: seats };
    },
    ProductReportSeats: seatReport,
    InternalReportSeats: seatReport,
    ProductReportFeatureUse: featureUseReport,
    ProductReportAllowance: allowanceReport,
    ProductConsumeAllowance: async () => {
      const { deploymentKind: kind, externalId } = await newNamespace();
      const used = { deployment: { kind, externalId }, featureKey: 'compute_minutes', amount: 5 };
      return { input: { ...keyed(), ...used } };
    },
    InternalSeatsOver: () => ({ first: 5 }),
    ProductPreviewSeatChange: async () => {
      const { deploymentKind, externalId } = await newNamespace();
      return { deploymentKind, externalId, addUsers: 2 };
    },
    ProductOffers: async () => {
      const { deploymentKind, externalId } = await newNamespace();
      return { deploymentKind, externalId, placement: 'HOME' };
    },
    ProductDismissOffer: async () => ({
      offer: { ...keyed(), offerId: (await newNamespace()).offer.id },
    }),
    ProductRecordOfferEvents: async () => {
      const { offer } = await newNamespace();
      return { told: { ...keyed(), events: [{ eventId: randomUUID(), offerId: offer.id, kind: 'SHOWN' }] } };
    },
    ProductRecordFeatureInterest: async () => {
      const namespace = await newNamespace();
      const featureKey = namespace.offer.unlocks[0]?.key;
      return { interest: { ...keyed(), deploymentId: idOf(namespace), featureKey, kind: 'CLICKED' } };
    },
    ProductRequestSalesContact: contact,
    InternalOfferFunnel: () => ({ filter: { from: day, until: addDays(day, 1) } }),
    InternalLeads: () => ({}),
    InternalUpdateLead: async () => ({
      change: { ...keyed(), leadId: await someLead(), status: 'WORKING' },
    }),
  };
}

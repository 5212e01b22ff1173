import { ratePeriods } from '@fulfillment/kernel/domain/billing/rating';
import { addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId, deploymentId } from '@fulfillment/kernel/domain/ids';
import { isCurrency } from '@fulfillment/kernel/domain/money';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';

type Item = OrderPayload['actions'][number]['items'][number];

export const premium: Item = {
  productCode: 'PREMIUM',
  productName: 'Premium',
  productKind: 'PLAN',
  quantity: 10,
  unitPrice: '29.00',
  pricePeriod: 'MONTH',
  billingPeriod: 'YEAR',
};

export const aiAddOn: Item = {
  productCode: 'AI_ADD_ON',
  productName: 'AI add-on',
  productKind: 'ADD_ON',
  quantity: 5,
  unitPrice: '19.00',
  pricePeriod: 'MONTH',
  billingPeriod: 'YEAR',
};

export const freePlan: Item = { ...premium, productCode: 'FREE', productName: 'Free', unitPrice: '0' };

/** An account as orders publishes it; its id follows from its name. */
export function exampleAccount(name: string, changes: Partial<AccountPayload> = {}): AccountPayload {
  return {
    id: derivedId('test-account', name),
    name,
    countryCode: 'US',
    billingTimeZone: 'America/Los_Angeles',
    currency: 'USD',
    legalEntityCode: 'US',
    paymentTermsDays: 30,
    ...changes,
  };
}

export interface ExampleOrder {
  /** Its id and those of its subscriptions follow from it. */
  readonly name: string;
  readonly soldTo: AccountPayload;
  readonly invoiceOwner?: AccountPayload;
  readonly partnerId?: string;
  readonly distributorId?: string;
  readonly effectiveDate?: string;
  readonly termMonths?: number;
  /** The items of each subscription that it creates. */
  readonly subscriptions?: readonly (readonly Item[])[];
}

/** An order as orders publishes it: each item is charged for its first billing period. */
export function exampleOrder(example: ExampleOrder): OrderPayload {
  const { name, soldTo, invoiceOwner = soldTo, subscriptions = [[premium]] } = example;
  const { effectiveDate = '2026-11-23', termMonths = 12 } = example;
  const actions = subscriptions.map((items, index) => exampleAction({ name, index, termMonths, items }));
  const charges = actions.flatMap(({ subscriptionId, items }) =>
    items.flatMap((item) => {
      const rated = firstCharge(item, invoiceOwner.currency, effectiveDate, termMonths);
      return rated ? [{ subscriptionId, ...rated }] : [];
    }),
  );
  const total = charges.reduce((minor, charge) => minor + BigInt(charge.amount.minor), 0n);
  return {
    id: derivedId('test-order', name),
    number: `O-${name}`,
    status: 'PLACED',
    accountId: soldTo.id,
    invoiceOwnerAccountId: invoiceOwner.id,
    partnerId: example.partnerId ?? null,
    distributorId: example.distributorId ?? null,
    currency: invoiceOwner.currency,
    effectiveDate,
    placedAt: '2026-11-23T09:30:00.000Z',
    placedBy: 'person:buyer@example.com',
    purchaseOrderNumber: null,
    actions,
    charges,
    total: { minor: total.toString(), currency: invoiceOwner.currency },
  };
}

interface ExampleAction {
  readonly name: string;
  readonly index: number;
  readonly termMonths: number;
  readonly items: readonly Item[];
}

function exampleAction({ name, index, termMonths, items }: ExampleAction): OrderPayload['actions'][number] {
  const externalId = `${name}-${index + 1}`;
  const id = derivedId('test-action', name, index);
  return {
    kind: 'CREATE_SUBSCRIPTION',
    id,
    position: index + 1,
    subscriptionId: derivedId('subscription', id),
    deployment: {
      id: deploymentId('SAAS_NAMESPACE', externalId),
      kind: 'SAAS_NAMESPACE',
      externalId,
      name: externalId,
    },
    termMonths,
    autoRenewal: true,
    items: [...items],
  };
}

type Charge = Omit<OrderPayload['charges'][number], 'subscriptionId'>;

function firstCharge(item: Item, currency: string, start: string, termMonths: number): Charge | null {
  if (!isCurrency(currency)) throw new RangeError(currency);
  const anchor = localDate(start);
  const servicePeriod = { start: anchor, end: addMonths(anchor, termMonths) };
  const [rated] = ratePeriods({ ...item, currency, anchor, servicePeriod, policy: 'ACTUAL_DAYS' });
  if (!rated || rated.amount.minor === 0n) return null;
  return {
    ...rated,
    productCode: item.productCode,
    productName: item.productName,
    amount: { minor: rated.amount.minor.toString(), currency },
  };
}

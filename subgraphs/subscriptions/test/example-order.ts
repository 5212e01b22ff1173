import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import { applyAction } from '@fulfillment/kernel/domain/agreement/actions/index';
import type { AgreedItem, Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { actionToContract } from '@fulfillment/kernel/domain/agreement/contract';
import { type AgreementLine, changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId, deploymentId } from '@fulfillment/kernel/domain/ids';
import { isCurrency } from '@fulfillment/kernel/domain/money';
import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';

export const premium: AgreedItem = {
  productCode: 'PREMIUM',
  productName: 'Premium',
  productKind: 'PLAN',
  quantity: 10,
  unitPrice: '29.00',
  pricePeriod: 'MONTH',
  discount: null,
};

export const aiAddOn: AgreedItem = {
  ...premium,
  productCode: 'AI_ADD_ON',
  productName: 'AI add-on',
  productKind: 'ADD_ON',
  quantity: 5,
  unitPrice: '19.00',
};

export const freePlan: AgreedItem = { ...premium, productCode: 'FREE', productName: 'Free', unitPrice: '0' };

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
    sandbox: false,
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
  readonly placedAt?: string;
  readonly termMonths?: number;
  /** The items of each subscription that it creates. */
  readonly subscriptions?: readonly (readonly AgreedItem[])[];
  /** What else was agreed for each subscription that it creates. */
  readonly agreement?: Partial<Agreement>;
  /** The tax rate of its lines, in per cent. */
  readonly taxRate?: string;
}

/** An order as orders publishes it: it creates subscriptions, billed by the year unless it says otherwise. */
export function exampleOrder(example: ExampleOrder): OrderPayload {
  const { subscriptions = [[premium]], name } = example;
  return orderOf(
    example,
    subscriptions.map((items, index) => {
      const externalId = `${name}-${index + 1}`;
      return {
        subscriptionId: derivedId('test-subscription', name, index),
        baseVersion: null,
        before: null,
        deployment: {
          id: deploymentId('SAAS_NAMESPACE', externalId),
          kind: 'SAAS_NAMESPACE',
          externalId,
          name: externalId,
        },
        change: { kind: 'CREATE_SUBSCRIPTION', agreement: exampleAgreement(example, items) },
      };
    }),
  );
}

/** A subscription that an order changes, as it was when the order was priced. */
export interface ExampleChange {
  readonly subscriptionId: string;
  readonly baseVersion: number;
  readonly before: Agreement;
  readonly change: AgreementAction;
}

/** An order as orders publishes it: it changes subscriptions, with the lines that the changes come to. */
export function exampleChangeOrder(example: ExampleOrder, changes: readonly ExampleChange[]): OrderPayload {
  return orderOf(
    example,
    changes.map((change) => ({ ...change, deployment: null })),
  );
}

/** What an order agrees on for a subscription that it creates. */
export function exampleAgreement(example: ExampleOrder, items: readonly AgreedItem[]): Agreement {
  const { soldTo, invoiceOwner = soldTo, effectiveDate = '2026-11-23', termMonths = 12 } = example;
  const startDate = localDate(effectiveDate);
  if (!isCurrency(invoiceOwner.currency)) throw new RangeError(invoiceOwner.currency);
  return {
    currency: invoiceOwner.currency,
    term: { startDate, endDate: addMonths(startDate, termMonths), months: termMonths },
    trial: false,
    billing: { period: 'YEAR', anchor: startDate, policy: 'ACTUAL_DAYS' },
    renewal: { automatic: true, termMonths, upliftPercent: '0', planned: [] },
    subscriptionTerms: { decreaseAtOnce: true },
    items,
    suspendedOn: null,
    canceledOn: null,
    ...example.agreement,
  };
}

interface PricedAction {
  readonly subscriptionId: string;
  readonly baseVersion: number | null;
  readonly before: Agreement | null;
  readonly deployment: OrderPayload['actions'][number]['deployment'];
  readonly change: AgreementAction;
}

function orderOf(example: ExampleOrder, actions: readonly PricedAction[]): OrderPayload {
  const { name, soldTo, invoiceOwner = soldTo } = example;
  const { effectiveDate = '2026-11-23', placedAt = `${effectiveDate}T09:30:00.000Z` } = example;
  const charges = actions.flatMap((action) =>
    linesOf(action, effectiveDate).map((line) =>
      chargeOf(action.subscriptionId, line, example.taxRate ?? '0'),
    ),
  );
  const total = charges.reduce(
    (minor, { amount, tax }) => minor + BigInt(amount.minor) + BigInt(tax.amount.minor),
    0n,
  );
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
    placedAt,
    placedBy: 'person:buyer@example.com',
    purchaseOrderNumber: null,
    actions: actions.map(({ subscriptionId, baseVersion, deployment, change }, index) => ({
      id: derivedId('test-action', name, index),
      position: index + 1,
      subscriptionId,
      baseVersion,
      deployment,
      change: actionToContract(change),
    })),
    charges,
    total: { minor: total.toString(), currency: invoiceOwner.currency },
  };
}

function linesOf({ before, change }: PricedAction, effectiveDate: string): AgreementLine[] {
  const on = localDate(effectiveDate);
  const after = applyAction(before, change, on);
  return after.ok ? changeLines({ before, after: after.value, on, today: on }) : [];
}

function chargeOf(
  subscriptionId: string,
  line: AgreementLine,
  rate: string,
): OrderPayload['charges'][number] {
  const tax = taxLine(line.amount, {
    rate,
    jurisdiction: 'US',
    reason: rate === '0' ? 'NOT_REGISTERED' : 'DOMESTIC',
  });
  return {
    ...line,
    subscriptionId,
    amount: moneyToPayload(line.amount),
    tax: { ...tax, amount: moneyToPayload(tax.amount) },
  };
}

import type { Viewer } from '../identity/viewer.js';
import type { DemoFile } from './demo-file.js';
import type { OperationVariable } from './operations.js';

/** What example variables are made of. */
export interface ExampleFacts {
  readonly deploymentKind: string;
  readonly externalId: string;
  /** The account that the viewer may look at and buy for. Undefined: the token says which. */
  readonly accountId: string | undefined;
  /** Whether an order must name its account. */
  readonly namesAccount: boolean;
  /** Unique for each load, so that an order is a new one. */
  readonly unique: string;
}

const placeholder = (what: string) => `put ${what} here`;

/**
 * What this viewer can look at. The demo's account and deployment serve internal viewers, and product and partner
 * viewers whose token is the demo's own; others would not see them.
 */
export function exampleFacts(viewer: Viewer, demo: DemoFile['demo'], unique: string): ExampleFacts {
  const seen = demo !== undefined && seesDemo(viewer, demo) ? demo.product : undefined;
  return {
    deploymentKind: seen?.deployment.kind ?? 'SELF_MANAGED_INSTANCE',
    externalId: seen?.deployment.externalId ?? placeholder('the id of your instance'),
    accountId: viewer.audience === 'product' ? viewer.account : seen?.accountId,
    namesAccount: viewer.audience !== 'product',
    unique,
  };
}

function seesDemo(viewer: Viewer, demo: NonNullable<DemoFile['demo']>): boolean {
  switch (viewer.audience) {
    case 'product':
      return viewer.account === demo.product.accountId;
    case 'internal':
      return true;
    case 'partner':
      return viewer.partner === demo.partner.partnerId;
  }
}

/**
 * Variables with which an operation can be run at once. Optional variables are left out, but for the length of a list.
 * What nothing is known of gets a text that says what belongs there.
 */
export function exampleVariables(
  variables: readonly OperationVariable[],
  facts: ExampleFacts,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    variables
      .filter(({ name, type }) => type.endsWith('!') || name === 'first')
      .map((variable) => [variable.name, exampleOf(variable, facts)]),
  );
}

function exampleOf({ name, type }: OperationVariable, facts: ExampleFacts): unknown {
  switch (type) {
    case 'PlaceOrderInput!':
    case 'CreateQuoteInput!':
      return { idempotencyKey: keyOf(facts), ...exampleOrder(facts) };
    case 'PreviewOrderInput!':
      return exampleOrder(facts);
    case 'OpenSandboxAccountInput!':
      return { idempotencyKey: keyOf(facts), ...exampleSandbox };
  }
  switch (name) {
    case 'first':
    case 'seats':
      return 10;
    case 'idempotencyKey':
      return keyOf(facts);
    case 'deploymentKind':
      return facts.deploymentKind;
    case 'externalId':
      return facts.externalId;
    case 'accountId':
      return facts.accountId ?? placeholder('the id of an account');
    case 'legalEntity':
      return 'US';
    case 'currency':
      return 'USD';
    default:
      return placeholder(`a value of ${type}`);
  }
}

const keyOf = ({ unique }: ExampleFacts) => `explorer-${unique}`;

const exampleSandbox = {
  name: 'Sandbox',
  countryCode: 'NL',
  billingTimeZone: 'Europe/Amsterdam',
  currency: 'USD',
};

/** A plan with an add-on for an instance that has none yet. */
function exampleOrder({ accountId, namesAccount, unique }: ExampleFacts) {
  return {
    ...(namesAccount ? { accountId: accountId ?? placeholder('the id of the customer') } : {}),
    actions: [
      {
        createSubscription: {
          deployment: { kind: 'SELF_MANAGED_INSTANCE', externalId: `explorer-${unique.slice(0, 8)}` },
          planCode: 'PREMIUM',
          quantity: 25,
          addOns: [{ productCode: 'COMPUTE_MINUTES', quantity: 2 }],
        },
      },
    ],
  };
}

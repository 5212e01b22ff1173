import {
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  print,
  typeFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type TypeNode,
} from 'graphql';
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
  /** The id of the deployment. */
  readonly deploymentId: string;
  /** Unique for each load, so that an order is a new one. */
  readonly unique: string;
  /** A local date, YYYY-MM-DD. */
  readonly today: string;
}

const placeholder = (what: string) => `put ${what} here`;

/**
 * What this viewer can look at. The demo's account and deployment serve internal viewers, and product and partner
 * viewers whose token is the demo's own; others would not see them.
 */
export function exampleFacts(
  viewer: Viewer,
  demo: DemoFile['demo'],
  { unique, today }: Pick<ExampleFacts, 'unique' | 'today'>,
): ExampleFacts {
  const seen = demo !== undefined && seesDemo(viewer, demo) ? demo.product : undefined;
  return {
    deploymentKind: seen?.deployment.kind ?? 'SELF_MANAGED_INSTANCE',
    externalId: seen?.deployment.externalId ?? placeholder('the id of your instance'),
    accountId: viewer.audience === 'product' ? viewer.account : seen?.accountId,
    namesAccount: viewer.audience !== 'product',
    deploymentId: seen?.deployment.id ?? placeholder('the id of your deployment'),
    unique,
    today,
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
 * Variables with which an operation can be run at once: what its types require, with what is known of the viewer. Optional
 * variables are left out, but for the length of a list. What nothing is known of gets a text that says what belongs there.
 *
 * @param schema what the viewer's audience sees
 */
export function exampleVariables(
  variables: readonly OperationVariable[],
  facts: ExampleFacts,
  schema: GraphQLSchema,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    variables
      .filter(({ name, type }) => type.kind === Kind.NON_NULL_TYPE || name === 'first')
      .map(({ name, type }) => [name, exampleOf(name, inputTypeOf(schema, type), facts)]),
  );
}

function inputTypeOf(schema: GraphQLSchema, node: TypeNode): GraphQLInputType {
  const type = typeFromAST(schema, node);
  if (!isInputType(type)) throw new Error(`${print(node)} is no input type of this audience`);
  return type;
}

function exampleOf(name: string, type: GraphQLInputType, facts: ExampleFacts): unknown {
  if (isNonNullType(type)) return exampleOf(name, type.ofType, facts);
  if (isListType(type)) return [exampleOf(name, type.ofType, facts)];
  if (isInputObjectType(type)) return exampleObjects[type.name]?.(facts) ?? exampleObject(type, facts);
  const known = exampleLeaves[name]?.(facts);
  if (known !== undefined) return known;
  if (isEnumType(type)) return type.getValues()[0]?.name;
  return type.name === 'Int' ? 1 : placeholder(`a value of ${type.name}`);
}

/** What the type requires, its key first; whom an order is for, too, where the token does not say it. */
function exampleObject(type: GraphQLInputObjectType, facts: ExampleFacts): Record<string, unknown> {
  const { idempotencyKey, ...others } = type.getFields();
  const fields = [...(idempotencyKey ? [idempotencyKey] : []), ...Object.values(others)].filter(
    (field) => isRequiredInputField(field) || (field.name === 'accountId' && facts.namesAccount),
  );
  return Object.fromEntries(fields.map((field) => [field.name, exampleOf(field.name, field.type, facts)]));
}

/** What stands for a field or variable of a name. */
const exampleLeaves: Readonly<Record<string, (facts: ExampleFacts) => unknown>> = {
  first: () => 10,
  seats: () => 10,
  addUsers: () => 5,
  count: () => 12,
  idempotencyKey: ({ unique }) => `explorer-${unique}`,
  deploymentKind: ({ deploymentKind }) => deploymentKind,
  externalId: ({ externalId }) => externalId,
  deploymentId: ({ deploymentId }) => deploymentId,
  accountId: ({ accountId }) => accountId ?? placeholder('the id of an account'),
  legalEntity: () => 'US',
  currency: () => 'USD',
  countryCode: () => 'NL',
  billingTimeZone: () => 'Europe/Amsterdam',
  name: () => 'Example',
  email: () => 'someone@customer.example',
  placement: () => 'HOME',
  from: ({ today }) => `${today.slice(0, 4)}-01-01`,
  until: ({ today }) => `${Number(today.slice(0, 4)) + 1}-01-01`,
  effectiveOn: ({ today }) => today,
};

/** What types ask for that say with optional fields what is to be chosen from. */
const exampleObjects: Readonly<Record<string, (facts: ExampleFacts) => object>> = {
  /** A plan with an add-on for an instance that has none yet. */
  OrderActionInput: ({ unique }) => ({
    createSubscription: {
      deployment: { kind: 'SELF_MANAGED_INSTANCE', externalId: `explorer-${unique.slice(0, 8)}` },
      planCode: 'PREMIUM',
      quantity: 25,
      addOns: [{ productCode: 'COMPUTE_MINUTES', quantity: 2 }],
    },
  }),
  SeatReportInput: ({ deploymentKind, externalId }) => ({
    deploymentKind,
    externalId,
    counts: [{ count: 12 }],
  }),
};

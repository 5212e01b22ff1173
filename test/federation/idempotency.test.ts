import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AUDIENCES, type Audience } from '@fulfillment/schema/audience';
import {
  buildSchema,
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { startSystem } from '../kit/system.js';

/*
 * What design.md says of idempotency keys, of every mutation that the contracts have: a mutation that is added is found here by
 * itself, with an input made from its contract.
 */
const system = await startSystem({ periodic: false });

const read = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../../schema/${file}`, import.meta.url)), 'utf8');
const schemas = AUDIENCES.map((audience) => ({
  audience,
  schema: buildSchema(read(`audiences/${audience}.graphql`), { assumeValidSDL: true }),
}));

/** Every mutation of every service, by name. */
const mutations = ['orders', 'subscriptions', 'licenses', 'partners'].flatMap((service) =>
  parse(read(`${service}.graphql`)).definitions.flatMap((definition) =>
    (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION) &&
    definition.name.value === 'Mutation'
      ? (definition.fields ?? []).map(({ name }) => name.value)
      : [],
  ),
);

interface Found {
  readonly audience: Audience;
  readonly input: GraphQLInputObjectType;
  readonly selection: string;
}

/** How a mutation is called by the kind of client that it is for: by people of the company where they may. */
function find(mutation: string): Found {
  const order: readonly Audience[] = ['internal', 'product', 'partner'];
  const [first] = schemas
    .toSorted((left, right) => order.indexOf(left.audience) - order.indexOf(right.audience))
    .flatMap(({ audience, schema }) => {
      const field = schema.getMutationType()?.getFields()[mutation];
      return field === undefined ? [] : [{ audience, field }];
    });
  const input = getNamedType(first?.field.args.find(({ name }) => name === 'input')?.type);
  const payload = getNamedType(first?.field.type);
  if (first === undefined || !isInputObjectType(input) || !isObjectType(payload))
    throw new Error(`${mutation} does not take one input and give a payload`);
  const parts = Object.values(payload.getFields()).map(({ name, type }) => {
    const named = getNamedType(type);
    if (name === 'userErrors') return 'userErrors { code message field }';
    if (!isObjectType(named)) return name;
    return `${name} { ${'id' in named.getFields() ? 'id' : '__typename'} }`;
  });
  return { audience: first.audience, input, selection: parts.join(' ') };
}

const createOrder = (name: string, variant: number) => ({
  actions: [
    {
      createSubscription: {
        deployment: { kind: 'SAAS_NAMESPACE', externalId: `idempotency-${name}` },
        planCode: 'PREMIUM',
        quantity: variant + 1,
      },
    },
  ],
});

/** Inputs of which more is known than the contract says, so that something is done that could be done twice. */
const known: Readonly<Record<string, (variant: number) => Record<string, unknown>>> = {
  placeOrder: (variant) => ({ accountId, ...createOrder('order', variant) }),
  createQuote: (variant) => ({ accountId, ...createOrder('quote', variant) }),
  openSandboxAccount: (variant) => ({
    name: `Sandbox ${variant}`,
    countryCode: 'NL',
    billingTimeZone: 'Europe/Amsterdam',
    currency: 'USD',
    paymentTermsDays: 30,
  }),
  setInvoiceReviewPeriod: (variant) => ({ legalEntity: 'US', days: variant }),
  requestAdjustment: (variant) => ({
    legalEntity: 'US',
    debit: 'BAD_DEBT',
    credit: 'CASH',
    amount: { amount: `${variant + 1}.00`, currency: 'USD' },
    reason: 'A difference of rounding',
  }),
};

/** An input of the contract's own form, without its key; another variant is another input. */
function sample(input: GraphQLInputObjectType, variant: number, optional = false): Record<string, unknown> {
  return Object.fromEntries(
    Object.values(input.getFields())
      .filter(({ name, type }) => name !== 'idempotencyKey' && (optional || isNonNullType(type)))
      .map(({ name, type }) => [name, value(type, variant)]),
  );
}

const values: Readonly<Record<string, (variant: number) => unknown>> = {
  ID: (variant) => `00000000-0000-4000-8000-00000000000${variant}`,
  String: (variant) => `Text ${variant}`,
  Int: (variant) => variant + 1,
  Boolean: (variant) => variant === 0,
  Decimal: (variant) => `${variant + 1}`,
  CurrencyCode: () => 'USD',
  LocalDate: (variant) => `2026-0${variant + 1}-01`,
  DateTime: (variant) => `2026-01-01T00:00:0${variant}Z`,
};

function value(type: GraphQLInputType, variant: number): unknown {
  if (isNonNullType(type)) return value(type.ofType, variant);
  if (isListType(type)) return [value(type.ofType, variant)];
  if (isInputObjectType(type)) return sample(type, variant);
  if (isEnumType(type)) return type.getValues()[0]?.name;
  const make = values[type.name];
  if (make === undefined) throw new Error(`What is a ${type.name}? Say it here`);
  return make(variant);
}

function inputOf(mutation: string, input: GraphQLInputObjectType, variant: number): Record<string, unknown> {
  const made = known[mutation]?.(variant) ?? sample(input, variant);
  return known[mutation] === undefined && isSame(made, sample(input, 1 - variant))
    ? sample(input, variant, true)
    : made;
}

const isSame = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

type Answer = Record<string, unknown> & { userErrors: { code: string; message: string; field: string[] }[] };

/** The account for which things are ordered. */
const accountId = await openAccount();

async function openAccount(): Promise<string> {
  const input = { ...known['openSandboxAccount']?.(9), idempotencyKey: randomUUID() };
  const { data } = await system.graphql<{ openSandboxAccount: { account: { id: string } } }>(
    { audience: 'internal' },
    'mutation ($input: OpenSandboxAccountInput!) { openSandboxAccount(input: $input) { account { id } } }',
    { input },
  );
  return data?.openSandboxAccount.account.id ?? '';
}

async function call(mutation: string, { audience, input, selection }: Found, given: object): Promise<Answer> {
  const token =
    audience === 'product'
      ? ({ audience, account: accountId } as const)
      : audience === 'partner'
        ? ({ audience, partner: randomUUID() } as const)
        : ({ audience } as const);
  const { data, errors } = await system.graphql<Record<string, Answer | null>>(
    token,
    `mutation ($input: ${input.name}!) { ${mutation}(input: $input) { ${selection} } }`,
    { input: given },
  );
  expect(errors).toEqual([]);
  const answer = data?.[mutation];
  if (answer == null) throw new Error(`${mutation} gave no answer`);
  return answer;
}

it('there are mutations', () => expect(mutations.length).toBeGreaterThan(25));

describe.each(mutations)('%s', (mutation) => {
  const found = find(mutation);
  const given = inputOf(mutation, found.input, 0);
  const other = inputOf(mutation, found.input, 1);

  it.each([
    ['that is too short', 'short'],
    ['that is too long', 'x'.repeat(256)],
    ['that cannot be written', 'a key \u0000 with nothing in it'],
  ])('refuses a key %s, whatever else the input says', async (_, idempotencyKey) => {
    const answer = await call(mutation, found, { ...given, idempotencyKey });
    expect(answer.userErrors).toEqual([
      { code: 'INVALID_VALUE', message: expect.any(String), field: ['idempotencyKey'] },
    ]);
  });

  it('gives the same key and input one answer, at once and later; with another input the key is refused', async () => {
    const idempotencyKey = randomUUID();
    const input = { ...given, idempotencyKey };
    const answers = await Promise.all([1, 2, 3].map(() => call(mutation, found, input)));
    answers.push(await call(mutation, found, input));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    if (mutation in known) expect(answers[0]?.userErrors).toEqual([]);
    // What takes nothing but a key cannot be given another input.
    if (isSame(given, other)) return;
    const refused = await call(mutation, found, { ...other, idempotencyKey });
    expect(refused.userErrors).toEqual([
      { code: 'IDEMPOTENCY_KEY_REUSED', message: expect.any(String), field: ['idempotencyKey'] },
    ]);
  });
});

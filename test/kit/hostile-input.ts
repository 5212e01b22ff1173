import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';
import type { GraphqlAnswer } from './post-graphql.js';

/** A field with values for all its arguments, ready to be sent: a root field, or one of an entity as the gateway asks for it. */
export interface HostileOperation {
  readonly field: string;
  readonly document: string;
  readonly arguments: Arbitrary<Record<string, unknown>>;
}

/** Texts that exist, by the name of the field that takes them: with these an operation gets beyond the first check. */
export type KnownTexts = Readonly<Record<string, readonly string[]>>;

/** What only our own code, its database or its files are called in words like these. */
const insides =
  /\bselect\b.*\bfrom\b|relation "|constraint "|syntax error at|\.[jt]s:\d+|node_modules|\bTypeError\b|Cannot read/i;

/** What is wrong with an answer, whatever was asked: it failed by itself, told of its insides, or named an error that nobody can mend. */
export function betrayed({ status, data, errors }: GraphqlAnswer<Record<string, unknown>>): string[] {
  const payloads = Object.values(data ?? {}) as ({
    readonly userErrors?: readonly UserErrorInTest[];
  } | null)[];
  const userErrors = payloads.flatMap((payload) => payload?.userErrors ?? []);
  const unclear = userErrors.filter(({ code, message }) => code === '' || message.length < 10);
  const failed = errors.filter(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR');
  const told = [...errors, ...userErrors].filter(({ message }) => insides.test(message));
  return [
    ...(status >= 500 ? [`HTTP ${status}`] : []),
    ...[...failed, ...told, ...unclear].map((one) => JSON.stringify(one)),
  ];
}

interface UserErrorInTest {
  readonly code: string;
  readonly message: string;
}

const folder = new URL('../../schema/', import.meta.url);

/**
 * Every query, mutation and field of an entity that takes arguments, of a service by its contract, with inputs that fit their types
 * and mean no good. Of entities the fields of the key are known ones: those no client gives.
 */
export function hostileOperations(service: string, known: KnownTexts): HostileOperation[] {
  const read = (name: string) => parse(readFileSync(new URL(`${name}.graphql`, folder), 'utf8'));
  const schema = buildSubgraphSchema([{ typeDefs: read('shared') }, { typeDefs: read(service) }]);
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const;
  const asked = roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {})
      .filter(({ name }) => !name.startsWith('_'))
      .map((field) => operationOf(kind, field, known)),
  );
  return [...asked, ...entityTypes(schema).flatMap((type) => entityOperations(type, known))];
}

function entityTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const union = schema.getType('_Entity');
  return isUnionType(union) ? union.getTypes() : [];
}

/** The fields with arguments of an entity whose key is one field. */
function entityOperations(type: GraphQLObjectType, known: KnownTexts): HostileOperation[] {
  const key = Object.keys(type.getFields()).find((name) => (known[name] ?? []).length > 0);
  if (key === undefined) return [];
  const fields = Object.values(type.getFields()).filter(({ args }) => args.length > 0);
  return fields.map((field) => {
    const { variables, call } = callOf(field);
    return {
      field: `${type.name}.${field.name}`,
      document: `query (${['$of: [_Any!]!', ...variables].join(', ')}) {
        _entities(representations: $of) { ... on ${type.name} { ${call} ${selectionOf(field.type, 3)} } } }`,
      arguments: fc
        .tuple(fc.constantFrom(...(known[key] ?? [])), recordOf(field.args, known))
        .map(([id, given]) => ({ ...given, of: [{ __typename: type.name, [key]: id }] })),
    };
  });
}

function operationOf(
  kind: string,
  field: GraphQLField<unknown, unknown>,
  known: KnownTexts,
): HostileOperation {
  const { name, args, type } = field;
  const { variables, call } = callOf(field);
  return {
    field: name,
    document: `${kind} ${args.length === 0 ? '' : `(${variables.join(', ')})`} { ${call} ${selectionOf(type, 3)} }`,
    arguments: recordOf(args, known),
  };
}

/** A field with a variable for each of its arguments. */
function callOf({ name, args }: GraphQLField<unknown, unknown>) {
  const given = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  return {
    variables: args.map((argument) => `$${argument.name}: ${String(argument.type)}`),
    call: args.length === 0 ? name : `${name}(${given})`,
  };
}

/** What is answered without arguments, a few levels deep. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named) || isUnionType(named) || depth === 0) return '{ __typename }';
  const fields = Object.values(named.getFields()).filter(({ args }) =>
    args.every(({ type: of }) => !isNonNullType(of)),
  );
  const inner = fields.map(({ name, type: of }) => `${name} ${selectionOf(of, depth - 1)}`);
  return `{ __typename ${inner.join(' ')} }`;
}

interface Input {
  readonly name: string;
  readonly type: GraphQLInputType;
}

/** What may be left out often is. */
function recordOf(inputs: readonly Input[], known: KnownTexts): Arbitrary<Record<string, unknown>> {
  const entries = inputs.map(({ name, type }) => [name, valueOf(name, type, known)] as const);
  const requiredKeys = inputs.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
  return fc.record(Object.fromEntries(entries), { requiredKeys });
}

/** Fields of which usually exactly one is to be given, as the actions of an order. */
function isChoice(fields: readonly Input[]): boolean {
  return fields.length > 1 && fields.every(({ type }) => isInputObjectType(type));
}

function choiceOf(fields: readonly Input[], known: KnownTexts): Arbitrary<Record<string, unknown>> {
  return fc.oneof(...fields.map(({ name, type }) => fc.record({ [name]: valueOf(name, type, known) })));
}

function valueOf(name: string, type: GraphQLInputType, known: KnownTexts): Arbitrary<unknown> {
  if (isNonNullType(type)) return valueOf(name, type.ofType, known);
  if (isListType(type)) return fc.array(valueOf(name, type.ofType, known), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return isChoice(fields)
      ? fc.oneof(choiceOf(fields, known), recordOf(fields, known))
      : recordOf(fields, known);
  }
  return scalarOf(name, type.name, known);
}

const instants = [
  '0001-01-01T00:00:00Z',
  '2026-06-15T12:00:00Z',
  '2026-11-23T09:00:00+14:00',
  '9999-12-31T23:59:59.999Z',
];
const days = ['0001-01-01', '2026-02-28', '2026-06-15', '2026-11-23', '2028-02-29', '9999-12-31'];
const decimals = ['0', '-1', '29.00', '0.000000000000000001', '100', `${'9'.repeat(30)}.${'9'.repeat(18)}`];
const integers = [-2_147_483_648, -1, 0, 1, 2, 10, 12, 100, 1_000_000_000, 2_147_483_647];
const texts = [
  '',
  ' ',
  'x',
  '__proto__',
  'constructor',
  "'; DROP TABLE account; --",
  '%_\\',
  '\u0000',
  '\ud800',
  'e\u0301',
  '\u202eabc',
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com',
  'SAAS_NAMESPACE',
  '2026-06-15',
  'Europe/Berlin',
  'DE',
  'https://user:pass@example.com:99999/?q=#',
  'a'.repeat(256),
  'ä'.repeat(20_000),
  '🚀'.repeat(100),
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-4fff-8fff-ffffffffffff',
];

function scalarOf(name: string, scalar: string, known: KnownTexts): Arbitrary<unknown> {
  const real = known[name] ?? [];
  switch (scalar) {
    case 'Int':
    case 'Float':
      return fc.constantFrom(...integers);
    case 'Boolean':
      return fc.boolean();
    case 'DateTime':
      return fc.constantFrom(...instants);
    case 'LocalDate':
      return fc.constantFrom(...days);
    case 'Decimal':
      return fc.constantFrom(...decimals);
    case 'CurrencyCode':
      return fc.constantFrom('USD', 'USD', 'EUR', 'JPY', 'XXX');
    default: {
      if (name === 'idempotencyKey') return fc.uuid();
      const hostile = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary', maxLength: 40 }));
      return real.length === 0
        ? hostile
        : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...real) }, { weight: 1, arbitrary: hostile });
    }
  }
}

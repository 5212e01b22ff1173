import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { namedType } from '../audience/model.js';
import { specificationNames } from '../security/removal.js';

/** From the widest to the narrowest: everybody; one account or partner with equal rights; one person. */
export const CACHE_SCOPES = ['PUBLIC', 'ACCOUNT', 'VIEWER'] as const;

export type CacheScope = (typeof CACHE_SCOPES)[number];

/** What `@cached` says of a field. */
export interface CacheHint {
  readonly scope: CacheScope;
  /** Seconds for which a value is kept at most. */
  readonly maxAge: number;
  /** Seconds beyond its time for which a value may be shown while the service does not answer; 0 for never. */
  readonly staleIfDown: number;
}

/** A field of the supergraph, as far as it matters to what may be kept. */
export interface CachedField {
  /** The name of the type that it leads to. */
  readonly type: string;
  /** Absent when the field says nothing. */
  readonly hint?: CacheHint;
  /** True for a field by which a service knows an entity: it never changes. */
  readonly isKey: boolean;
}

/** What a supergraph says about caching, by type. */
export interface CacheHints {
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, CachedField>>;
  /** Types whose fields need hints of their own: entities, the roots, and interfaces of entities. */
  readonly roots: ReadonlySet<string>;
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * Reads the hints of a full supergraph.
 *
 * @throws Error naming the field whose hint is not of the form that `shared.graphql` promises
 */
export function cacheHints(supergraphSdl: string): CacheHints {
  const supergraph = parse(supergraphSdl);
  const directive = specificationNames(supergraph).get('cached');
  const composites = supergraph.definitions.filter(
    (node): node is Composite =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );
  return {
    fields: new Map(
      composites.map((node) => [node.name.value, readFields(node, directive, keyFields(node))] as const),
    ),
    roots: new Set([...rootTypes(supergraph), ...entityTypes(composites)]),
  };
}

function readFields(
  node: Composite,
  directive: string | undefined,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, CachedField> {
  return new Map(
    (node.fields ?? []).map((field) => {
      const hint = readHint(node, field, directive);
      const isKey = keys.has(field.name.value);
      return [field.name.value, { type: namedType(field.type), isKey, ...(hint && { hint }) }] as const;
    }),
  );
}

function readHint(
  type: Composite,
  field: FieldDefinitionNode,
  directive: string | undefined,
): CacheHint | undefined {
  const applied = field.directives?.find(({ name }) => name.value === directive);
  if (directive === undefined || applied === undefined) return undefined;
  const { scope = 'VIEWER', maxAge, staleIfDown = 0 } = argumentsOf(applied);
  if (!isScope(scope) || !isSeconds(maxAge) || !isSeconds(staleIfDown)) {
    throw new Error(
      `@${directive} of ${type.name.value}.${field.name.value} must have a scope of ${CACHE_SCOPES.join(', ')}, ` +
        `and from 0 to ${maximumSeconds} seconds for maxAge and staleIfDown.`,
    );
  }
  return { scope, maxAge, staleIfDown };
}

function argumentsOf(directive: ConstDirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}

function isScope(value: unknown): value is CacheScope {
  return CACHE_SCOPES.some((scope) => scope === value);
}

/** Half a day: whoever keeps answers remembers what has changed for longer than twice that. */
const maximumSeconds = 43_200;

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maximumSeconds;
}

/** The names of the plain fields in the keys of a type; a nested key is read by its first field alone, which needs a hint. */
function keyFields(node: Composite): ReadonlySet<string> {
  const keys = keysOf(node).filter((key) => !key.includes('{'));
  return new Set(keys.flatMap((key) => key.split(/[\s,]+/)).filter((name) => name !== ''));
}

function keysOf(node: Composite): string[] {
  return (node.directives ?? [])
    .filter(({ name }) => name.value === 'join__type')
    .map((directive) => argumentsOf(directive)['key'])
    .filter((key): key is string => typeof key === 'string');
}

function rootTypes(supergraph: DocumentNode): string[] {
  return supergraph.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION ? node.operationTypes.map(({ type }) => type.name.value) : [],
  );
}

/** An interface counts when one of its types is an entity: what is asked of it may be asked of that one. */
function entityTypes(composites: readonly Composite[]): string[] {
  const entities = composites.filter((node) => keysOf(node).length > 0);
  return entities.flatMap(({ name, interfaces = [] }) => [
    name.value,
    ...interfaces.map((parent) => parent.name.value),
  ]);
}

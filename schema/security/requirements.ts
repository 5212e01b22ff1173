import {
  Kind,
  parse,
  valueFromASTUntyped,
  type DirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { namedType } from '../audience/model.js';
import { specificationNames } from './removal.js';

/** What a viewer needs to be given a field. */
export interface Requirement {
  /** True when a verified token is needed, whatever it may do. */
  readonly authenticated: boolean;
  /** One of these sets of scopes, all of the set; empty when no scope is needed. */
  readonly scopes: readonly (readonly string[])[];
  /** One of these sets of policies, all of the set; empty when no policy is needed. */
  readonly policies: readonly (readonly string[])[];
}

/** What each protected field requires, by type and field; a field that is missing requires nothing. */
export type ProtectedFields = ReadonlyMap<string, ReadonlyMap<string, Requirement>>;

const NOTHING: Requirement = { authenticated: false, scopes: [], policies: [] };

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * The requirements of a full supergraph. A field requires what stands on it and on the type that it returns; a field
 * of an interface also what any type requires that implements it, since a query may ask by the interface alone.
 */
export function protectedFields(supergraphSdl: string): ProtectedFields {
  const supergraph = parse(supergraphSdl);
  const read = requirementReader(supergraph);
  const byType = new Map<string, Requirement>();
  for (const node of supergraph.definitions) {
    if ('name' in node && node.name && 'directives' in node)
      byType.set(node.name.value, read(node.directives));
  }
  const composites = supergraph.definitions.filter(
    (node): node is Composite =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );
  const own = new Map(composites.map((node) => [node.name.value, ownRequirements(node, byType, read)]));
  return new Map(
    composites
      .map((node) => [node.name.value, withImplementers(node, composites, own)] as const)
      .filter(([, fields]) => fields.size > 0),
  );
}

type Reader = (directives: readonly DirectiveNode[] | undefined) => Requirement;

function requirementReader(supergraph: DocumentNode): Reader {
  const names = specificationNames(supergraph);
  return (directives = []) => {
    const find = (local: string | undefined) => directives.find(({ name }) => name.value === local);
    return {
      authenticated: find(names.get('authenticated')) !== undefined,
      scopes: alternatives(find(names.get('requiresScopes')), 'scopes'),
      policies: alternatives(find(names.get('policy')), 'policies'),
    };
  };
}

function alternatives(directive: DirectiveNode | undefined, argument: string): string[][] {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value === undefined ? [] : (valueFromASTUntyped(value) as string[][]);
}

function ownRequirements(
  node: Composite,
  byType: ReadonlyMap<string, Requirement>,
  read: Reader,
): Map<string, Requirement> {
  const fields = new Map<string, Requirement>();
  for (const field of node.fields ?? []) {
    const requirement = both(read(field.directives), byType.get(namedType(field.type)) ?? NOTHING);
    if (!isNothing(requirement)) fields.set(field.name.value, requirement);
  }
  return fields;
}

function withImplementers(
  node: Composite,
  composites: readonly Composite[],
  own: ReadonlyMap<string, ReadonlyMap<string, Requirement>>,
): ReadonlyMap<string, Requirement> {
  const fields = new Map(own.get(node.name.value));
  if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return fields;
  for (const other of composites) {
    if (!other.interfaces?.some(({ name }) => name.value === node.name.value)) continue;
    for (const { name } of node.fields ?? []) {
      const requirement = own.get(other.name.value)?.get(name.value);
      if (requirement) fields.set(name.value, both(fields.get(name.value) ?? NOTHING, requirement));
    }
  }
  return fields;
}

function isNothing({ authenticated, scopes, policies }: Requirement): boolean {
  return !authenticated && scopes.length === 0 && policies.length === 0;
}

/** What satisfies both: one alternative of each, together. */
function both(left: Requirement, right: Requirement): Requirement {
  return {
    authenticated: left.authenticated || right.authenticated,
    scopes: combine(left.scopes, right.scopes),
    policies: combine(left.policies, right.policies),
  };
}

type Alternatives = Requirement['scopes'];

function combine(left: Alternatives, right: Alternatives): Alternatives {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const pairs = left.flatMap((one) => right.map((other) => [...new Set([...one, ...other])].toSorted()));
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
}

import {
  Kind,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type SchemaDefinitionNode,
} from 'graphql';

/**
 * Specifications whose directives our gateway carries out itself, by the address of each without its version. @apollo/gateway
 * refuses a supergraph with those of security.
 */
const SPECIFICATIONS = {
  authenticated: 'https://specs.apollo.dev/authenticated/',
  requiresScopes: 'https://specs.apollo.dev/requiresScopes/',
  policy: 'https://specs.apollo.dev/policy/',
  /** Our own: see `shared.graphql`. */
  cached: 'https://fulfillment.example/cached/',
} as const;

type Specification = keyof typeof SPECIFICATIONS;

const NAMES = Object.keys(SPECIFICATIONS) as Specification[];

/** The supergraph without the links, directives and types of the specifications that only our gateway knows. */
export function withoutSecurity(supergraphSdl: string): string {
  const supergraph = parse(supergraphSdl);
  const names = new Set(specificationNames(supergraph).values());
  if (names.size === 0) return supergraphSdl;
  const kept = {
    ...supergraph,
    definitions: supergraph.definitions.filter((node) => !belongsTo(node, names)).map(withoutLinks),
  };
  return print(visit(kept, { Directive: (node) => (names.has(node.name.value) ? null : undefined) }));
}

/** The local name of each of these specifications that a supergraph links, by its own name. */
export function specificationNames(supergraph: DocumentNode): ReadonlyMap<Specification, string> {
  const schema = supergraph.definitions.find(
    (node): node is SchemaDefinitionNode => node.kind === Kind.SCHEMA_DEFINITION,
  );
  const names = new Map<Specification, string>();
  for (const directive of schema?.directives ?? []) {
    const specification = linkedSpecification(directive);
    if (specification !== undefined)
      names.set(specification, stringArgument(directive, 'as') ?? specification);
  }
  return names;
}

function linkedSpecification(directive: ConstDirectiveNode): Specification | undefined {
  if (directive.name.value !== 'link') return undefined;
  const url = stringArgument(directive, 'url') ?? '';
  return NAMES.find((name) => url.startsWith(SPECIFICATIONS[name]));
}

function stringArgument(directive: ConstDirectiveNode, argument: string): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** True for `directive @requiresScopes` and for `scalar requiresScopes__Scope`. */
function belongsTo(node: DefinitionNode, names: ReadonlySet<string>): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return names.has(node.name.value);
  if (node.kind !== Kind.SCALAR_TYPE_DEFINITION) return false;
  const [namespace, rest] = node.name.value.split('__');
  return rest !== undefined && namespace !== undefined && names.has(namespace);
}

function withoutLinks(node: DefinitionNode): DefinitionNode {
  if (node.kind !== Kind.SCHEMA_DEFINITION) return node;
  return {
    ...node,
    directives: (node.directives ?? []).filter((link) => linkedSpecification(link) === undefined),
  };
}

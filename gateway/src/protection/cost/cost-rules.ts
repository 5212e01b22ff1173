import {
  Kind,
  parse,
  valueFromASTUntyped,
  type DirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type SchemaDefinitionNode,
} from 'graphql';

/** How long the list of a field may get: the arguments of `@listSize`. */
export interface ListSize {
  /** The length when no argument says it. */
  readonly assumedSize?: number;
  /** Arguments whose value is the length; `input.first` reads a field of an input object. */
  readonly slicingArguments: readonly string[];
  /** The lists of the returned object that have this length; empty: the field is the list itself. */
  readonly sizedFields: readonly string[];
  /** True when exactly one of the slicing arguments must be given. */
  readonly requireOneSlicingArgument: boolean;
}

/** What the cost directives say of one field. */
export interface FieldRule {
  /** `@cost` of the field: added once each time the field is asked for. */
  readonly weight?: number;
  readonly listSize?: ListSize;
  /** `@cost` of its arguments, by name. */
  readonly argumentWeights: ReadonlyMap<string, number>;
}

/** The cost directives of a supergraph. What is missing has the default weight. */
export interface CostRules {
  /** By type, then by field. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, FieldRule>>;
  /** `@cost` of objects, interfaces' implementers, scalars and enums: added for each value of the type. */
  readonly types: ReadonlyMap<string, number>;
  /** `@cost` of input fields, by input type, then by field; for a list, added for each entry. */
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/**
 * Reads `@cost` and `@listSize` from a supergraph, under the names that it links them by
 * (https://specs.apollo.dev/cost/v0.1, after IBM's GraphQL Cost Directives specification).
 */
export function readCostRules(supergraphSdl: string): CostRules {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = directiveNames(document);
  const fields = new Map<string, Map<string, FieldRule>>();
  const types = new Map<string, number>();
  const inputs = new Map<string, Map<string, number>>();
  for (const node of document.definitions) {
    const weight = 'directives' in node ? weightOf(node.directives, names.cost) : undefined;
    if (weight !== undefined && 'name' in node && node.name !== undefined) types.set(node.name.value, weight);
    if (isComposite(node)) fields.set(node.name.value, fieldRules(node.fields ?? [], names));
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      const weights = weightsByName(node.fields ?? [], names.cost);
      if (weights.size > 0) inputs.set(node.name.value, weights);
    }
  }
  return { fields, types, inputs };
}

interface Names {
  readonly cost: string;
  readonly listSize: string;
}

/** The directives' names in this document: their own, those of an `import … as`, or with the specification's prefix. */
function directiveNames(document: DocumentNode): Names {
  const schema = document.definitions.find(
    (node): node is SchemaDefinitionNode => node.kind === Kind.SCHEMA_DEFINITION,
  );
  const link = (schema?.directives ?? []).map(argumentsOf).find(({ url }) => String(url).includes('/cost/v'));
  const imports = Array.isArray(link?.['import']) ? (link['import'] as unknown[]) : [];
  const nameOf = (own: string, otherwise: string) => {
    const imported = imports.find((entry) => entry === `@${own}` || nameIn(entry, 'name') === `@${own}`);
    if (imported === undefined) return otherwise;
    return (nameIn(imported, 'as') ?? `@${own}`).slice(1);
  };
  const prefix = typeof link?.['as'] === 'string' ? link['as'] : 'cost';
  return {
    cost: nameOf('cost', prefix),
    listSize: nameOf('listSize', link === undefined ? 'listSize' : `${prefix}__listSize`),
  };
}

function nameIn(entry: unknown, key: 'name' | 'as'): string | undefined {
  const value = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>)[key] : null;
  return typeof value === 'string' ? value : undefined;
}

function isComposite(node: DefinitionNode) {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function fieldRules(fields: readonly FieldDefinitionNode[], names: Names): Map<string, FieldRule> {
  const rules = new Map<string, FieldRule>();
  for (const field of fields) {
    const weight = weightOf(field.directives, names.cost);
    const listSize = listSizeOf(field, names.listSize);
    const argumentWeights = weightsByName(field.arguments ?? [], names.cost);
    if (weight === undefined && listSize === undefined && argumentWeights.size === 0) continue;
    rules.set(field.name.value, {
      argumentWeights,
      ...(weight === undefined ? {} : { weight }),
      ...(listSize === undefined ? {} : { listSize }),
    });
  }
  return rules;
}

function weightsByName(nodes: readonly InputValueDefinitionNode[], cost: string): Map<string, number> {
  return new Map(
    nodes.flatMap(({ name, directives }) => {
      const weight = weightOf(directives, cost);
      return weight === undefined ? [] : [[name.value, weight]];
    }),
  );
}

/** IBM's specification writes weights as texts, Apollo's as numbers. */
function weightOf(directives: readonly DirectiveNode[] | undefined, cost: string): number | undefined {
  const directive = directives?.find(({ name }) => name.value === cost);
  return directive === undefined ? undefined : Number(argumentsOf(directive)['weight']);
}

function listSizeOf({ directives }: FieldDefinitionNode, name: string): ListSize | undefined {
  const directive = directives?.find((candidate) => candidate.name.value === name);
  if (directive === undefined) return undefined;
  const given = argumentsOf(directive);
  const slicingArguments = (given['slicingArguments'] ?? []) as string[];
  return {
    slicingArguments,
    sizedFields: (given['sizedFields'] ?? []) as string[],
    requireOneSlicingArgument: slicingArguments.length > 0 && given['requireOneSlicingArgument'] !== false,
    ...(given['assumedSize'] == null ? {} : { assumedSize: Number(given['assumedSize']) }),
  };
}

function argumentsOf(directive: DirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}

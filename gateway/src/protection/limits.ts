import {
  GraphQLError,
  Kind,
  parse,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { gatewayError } from '../errors.js';

/** How large an operation may be. Fields of fragments count at every place where the fragment is used. */
export const limits = {
  tokens: 5_000,
  /** Levels of fields, not counting the schema's description of itself. */
  depth: 15,
  /** Levels of selections, fragments included. */
  nesting: 60,
  aliases: 100,
  rootFields: 100,
  directives: 100,
  /** How often one object may be asked for the same field: validation compares each with each. */
  repetitions: 50,
  fields: 5_000,
} as const;

/** A text, parsed; or what is wrong with it: too large (`QUERY_TOO_LARGE`), too deep, or no GraphQL. */
export type Parsing =
  | { readonly document: DocumentNode; readonly error?: undefined }
  | { readonly error: GraphQLError; readonly document?: undefined };

/** Parses a query within the limits, before it is validated and planned, which is what a large one makes expensive. */
export function parseWithinLimits(query: string): Parsing {
  try {
    const document = parse(query, { noLocation: true, maxTokens: limits.tokens });
    const error = findExcess(document);
    return error === null ? { document } : { error };
  } catch (error) {
    if (isTokenLimit(error)) return { error: tooLarge(limits.tokens, 'tokens') };
    if (error instanceof GraphQLError) return { error: unparsed(error) };
    throw error;
  }
}

/** What is too large about a document; null when nothing is. */
function findExcess(document: DocumentNode): GraphQLError | null {
  const size = largest(document);
  if (size.depth > limits.depth) {
    return gatewayError(
      'QUERY_TOO_DEEP',
      `The operation nests its fields ${size.depth} levels deep; ${limits.depth} are allowed.`,
    );
  }
  if (size.nesting > limits.nesting) {
    return gatewayError(
      'QUERY_TOO_DEEP',
      `The operation nests its selections ${size.nesting} levels deep; ${limits.nesting} are allowed.`,
    );
  }
  if (size.rootFields > limits.rootFields) return tooLarge(limits.rootFields, 'root fields');
  if (size.aliases > limits.aliases) return tooLarge(limits.aliases, 'aliases');
  if (size.directives > limits.directives) return tooLarge(limits.directives, 'directives');
  if (size.repetitions > limits.repetitions) return tooLarge(limits.repetitions, 'repetitions of one field');
  if (size.fields > limits.fields) return tooLarge(limits.fields, 'fields');
  return null;
}

function tooLarge(limit: number, what: string): GraphQLError {
  return gatewayError(
    'QUERY_TOO_LARGE',
    `The operation has more than ${limit.toLocaleString('en-US')} ${what}.`,
  );
}

function unparsed({ message, source, positions }: GraphQLError): GraphQLError {
  const { extensions } = gatewayError('GRAPHQL_PARSE_FAILED', message);
  return new GraphQLError(message, { source: source ?? null, positions: positions ?? null, extensions });
}

/** graphql-js marks this error by its text alone. */
function isTokenLimit(error: unknown): boolean {
  return error instanceof GraphQLError && error.message.endsWith('tokens. Parsing aborted.');
}

interface Size {
  readonly depth: number;
  readonly nesting: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const nothing: Size = { depth: 0, nesting: 0, fields: 0, aliases: 0, directives: 0 };

/** The largest value of each measure over the operations of a document. */
function largest(
  document: DocumentNode,
): Size & { readonly rootFields: number; readonly repetitions: number } {
  const measure = new Measure(document);
  const max = { ...nothing, rootFields: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure.selectionSet(definition.selectionSet);
    const atRoot = measure.rootFields(definition.selectionSet);
    max.depth = Math.max(max.depth, size.depth);
    max.nesting = Math.max(max.nesting, size.nesting);
    max.fields = Math.max(max.fields, size.fields);
    max.aliases = Math.max(max.aliases, size.aliases);
    max.directives = Math.max(max.directives, size.directives + (definition.directives?.length ?? 0));
    max.rootFields = Math.max(max.rootFields, atRoot);
  }
  return { ...max, repetitions: measure.repetitions };
}

/** Measures each fragment once, so that fragments that multiply each other cost no more than their text. */
class Measure {
  private readonly definitions: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly sizes = new Map<string, Size>();
  private readonly rootCounts = new Map<string, number>();
  /** The most that one object is asked for the same key, by text that stands in one place. */
  repetitions = 0;

  constructor(document: DocumentNode) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.definitions = new Map(fragments.map((node) => [node.name.value, node]));
  }

  selectionSet(set: SelectionSetNode, keys = new Map<string, number>()): Size {
    let [depth, nesting, fields, aliases, directives] = [0, 0, 0, 0, 0];
    for (const selection of set.selections) {
      let size = nothing;
      switch (selection.kind) {
        case Kind.FIELD:
          size = this.field(selection);
          this.#repeat(selection, keys);
          break;
        case Kind.INLINE_FRAGMENT:
          size = this.selectionSet(selection.selectionSet, keys);
          break;
        case Kind.FRAGMENT_SPREAD:
          size = this.fragment(selection.name.value);
          break;
      }
      depth = Math.max(depth, size.depth);
      nesting = Math.max(nesting, size.nesting);
      fields += size.fields;
      aliases += size.aliases;
      directives += size.directives + (selection.directives?.length ?? 0);
    }
    return { depth, nesting: nesting + 1, fields, aliases, directives };
  }

  #repeat({ name, alias }: FieldNode, keys: Map<string, number>): void {
    const key = alias?.value ?? name.value;
    const count = (keys.get(key) ?? 0) + 1;
    keys.set(key, count);
    this.repetitions = Math.max(this.repetitions, count);
  }

  private field({ name, alias, selectionSet }: FieldNode): Size {
    const below =
      selectionSet === undefined || isIntrospection(name.value) ? nothing : this.selectionSet(selectionSet);
    return {
      depth: below.depth + 1,
      nesting: below.nesting,
      fields: below.fields + 1,
      aliases: below.aliases + (alias === undefined ? 0 : 1),
      directives: below.directives,
    };
  }

  rootFields(set: SelectionSetNode): number {
    let count = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) count += 1;
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += this.rootFields(selection.selectionSet);
      else count += this.rootFieldsOfFragment(selection.name.value);
    }
    return count;
  }

  private fragment(name: string): Size {
    const known = this.sizes.get(name);
    if (known !== undefined) return known;
    this.sizes.set(name, nothing); // a fragment that contains itself: validation refuses it
    const definition = this.definitions.get(name);
    const size = definition === undefined ? nothing : this.#ofFragment(definition);
    this.sizes.set(name, size);
    return size;
  }

  #ofFragment({ selectionSet, directives = [] }: FragmentDefinitionNode): Size {
    const size = this.selectionSet(selectionSet);
    return { ...size, directives: size.directives + directives.length };
  }

  private rootFieldsOfFragment(name: string): number {
    const known = this.rootCounts.get(name);
    if (known !== undefined) return known;
    this.rootCounts.set(name, 0);
    const definition = this.definitions.get(name);
    const count = definition === undefined ? 0 : this.rootFields(definition.selectionSet);
    this.rootCounts.set(name, count);
    return count;
  }
}

/** The schema's description of itself: graphql-js limits its depth by a rule of its own. */
function isIntrospection(fieldName: string): boolean {
  return fieldName === '__schema' || fieldName === '__type';
}

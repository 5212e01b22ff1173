import type { CacheHint, CacheHints, CacheScope } from '@fulfillment/schema/audience';
import {
  Kind,
  OperationTypeNode,
  parse,
  print,
  type DefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What may be kept of the answer to one request to a service. */
export interface Coverage {
  /** The narrowest of its fields. */
  readonly scope: CacheScope;
  /** Seconds, the least of its fields. */
  readonly maxAge: number;
  /** Seconds, the least of its fields. */
  readonly staleIfDown: number;
  /** What is asked, free of the operation's name: requests that ask for the same share their answers. */
  readonly selection: string;
}

const narrowness: Readonly<Record<CacheScope, number>> = { PUBLIC: 0, ACCOUNT: 1, VIEWER: 2 };

/** Composition gives the root type this name, whatever services call it. */
const queryRoot = 'Query';

/**
 * What the hints say of a request to a service: null when any of its fields is not covered. A field is covered by its own hint;
 * a key of an entity, and a field of a type without a key, by what leads to it.
 *
 * @param operation the text that is sent, one operation
 */
export function coverageOf(operation: string, hints: CacheHints): Coverage | null {
  const { definitions } = parse(operation, { noLocation: true });
  const query = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (query?.operation !== OperationTypeNode.QUERY) return null;
  const found = hintsBelow(query.selectionSet, hints, fragmentsOf(definitions));
  if (found === null || found.length === 0) return null;
  const { name: _name, ...unnamed } = query;
  return {
    scope: found.map(({ scope }) => scope).reduce(narrower),
    maxAge: Math.min(...found.map(({ maxAge }) => maxAge)),
    staleIfDown: Math.min(...found.map(({ staleIfDown }) => staleIfDown)),
    selection: definitions.map((node) => print(node === query ? unnamed : node)).join('\n'),
  };
}

function narrower(left: CacheScope, right: CacheScope): CacheScope {
  return narrowness[left] < narrowness[right] ? right : left;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf(definitions: readonly DefinitionNode[]): Fragments {
  return new Map(
    definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node] as const),
  );
}

/** Every hint of the fields that are selected; null when one of them is not covered. */
function hintsBelow(root: SelectionSetNode, hints: CacheHints, fragments: Fragments): CacheHint[] | null {
  const found: CacheHint[] = [];

  /** @param led true when something that is covered leads to this type */
  const covers = (type: string, { selections }: SelectionSetNode, led: boolean): boolean =>
    selections.every((selection) => {
      switch (selection.kind) {
        case Kind.FIELD:
          return coversField(type, selection, led);
        case Kind.INLINE_FRAGMENT:
          return covers(selection.typeCondition?.name.value ?? type, selection.selectionSet, led);
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          return (
            fragment !== undefined && covers(fragment.typeCondition.name.value, fragment.selectionSet, led)
          );
        }
      }
    });

  const coversField = (type: string, { name, selectionSet }: FieldNode, led: boolean): boolean => {
    if (name.value === '__typename') return true;
    // Each entity is asked for by its key, and its type stands in the fragments below.
    if (type === queryRoot && name.value === '_entities') {
      return selectionSet !== undefined && covers('_Entity', selectionSet, true);
    }
    const field = hints.fields.get(type)?.get(name.value);
    if (field === undefined) return false;
    if (field.hint !== undefined) found.push(field.hint);
    else if (!led || (hints.roots.has(type) && !field.isKey)) return false;
    return selectionSet === undefined || covers(field.type, selectionSet, true);
  };

  return covers(queryRoot, root, false) ? found : null;
}

import {
  Kind,
  valueFromASTUntyped,
  visit,
  type GraphQLArgument,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import type { Variables } from './amount.js';

/** A value that is known before any request, or how to read it from a request's variables. */
export type Reading = { readonly known: unknown } | ((variables: Variables) => unknown);

/** Reads values of an operation: literals, variables, and the defaults of variables that a client leaves out. */
export class ValueReader {
  readonly #defaults: ReadonlyMap<string, unknown>;

  constructor(operation: OperationDefinitionNode) {
    this.#defaults = new Map(
      (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
        defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
      ),
    );
  }

  read(node: ValueNode): Reading {
    if (node.kind === Kind.VARIABLE) return (variables) => this.#variable(node.name.value, variables);
    const names = variablesIn(node);
    if (names.length === 0) return { known: valueFromASTUntyped(node) };
    return (variables) =>
      valueFromASTUntyped(
        node,
        Object.fromEntries(names.map((name) => [name, this.#variable(name, variables)])),
      );
  }

  /** The value of an argument: as given, or the schema's own default. */
  readArgument(given: ValueNode | undefined, definition: GraphQLArgument | undefined): Reading {
    if (given !== undefined) return this.read(given);
    return { known: definition?.defaultValue };
  }

  #variable(name: string, variables: Variables): unknown {
    return Object.hasOwn(variables, name) ? variables[name] : this.#defaults.get(name);
  }
}

/** Applies a function to what is read, now where it is known. */
export function mapReading<T>(
  reading: Reading,
  apply: (value: unknown) => T,
): { readonly known: T } | ((variables: Variables) => T) {
  if (typeof reading === 'function') return (variables) => apply(reading(variables));
  return { known: apply(reading.known) };
}

function variablesIn(node: ValueNode): string[] {
  const names = new Set<string>();
  visit(node, { Variable: ({ name }) => void names.add(name.value) });
  return [...names];
}

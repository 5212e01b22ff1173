import {
  Kind,
  parse,
  print,
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** A type of a supergraph that has fields. */
export type FieldsTypeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** The object and interface types of a supergraph by name. */
export function fieldsTypes(supergraph: DocumentNode): ReadonlyMap<string, FieldsTypeNode> {
  return new Map(
    supergraph.definitions.filter(isFieldsType).map((definition) => [definition.name.value, definition]),
  );
}

/** True for the definition of an object type or an interface. */
export function isFieldsType(node: ASTNode): node is FieldsTypeNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

/** The names of services by the values of `join__Graph`, which stand for them in a supergraph. */
export function serviceNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  return new Map(graphs(supergraph).map(({ value, name }) => [value, name]));
}

/** The addresses that the composition noted for services, by name. */
export function serviceAddresses(supergraph: DocumentNode): ReadonlyMap<string, string> {
  return new Map(graphs(supergraph).map(({ name, url }) => [name, url]));
}

function graphs(supergraph: DocumentNode) {
  const definition = supergraph.definitions.find(
    (candidate) => candidate.kind === Kind.ENUM_TYPE_DEFINITION && candidate.name.value === 'join__Graph',
  );
  if (definition?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (definition.values ?? []).map(({ name: { value }, directives }) => {
    const graph = directives?.find(({ name }) => name.value === 'join__graph');
    return {
      value,
      name: (graph && stringArgument(graph, 'name')) ?? value,
      url: (graph && stringArgument(graph, 'url')) ?? '',
    };
  });
}

/** The selections of a field set as directives have it, for example `id owner { id }`. */
export function parseFieldSet(fieldSet: string): SelectionSetNode {
  const [operation] = parse(`{ ${fieldSet} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`Not a field set: ${fieldSet}`);
  return operation.selectionSet;
}

/** A field set as text, on one line. */
export function printFieldSet(selectionSet: SelectionSetNode): string {
  const text = print(selectionSet).replaceAll(/\s+/g, ' ');
  return text.slice(1, -1).trim();
}

/** The text of a string or enum argument. */
export function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** The value of a directive's boolean argument; undefined when it is left out. */
export function booleanArgument(directive: ConstDirectiveNode, name: string): boolean | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}

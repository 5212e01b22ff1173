import {
  Kind,
  parse,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type SchemaDefinitionNode,
} from 'graphql';
import { isMachinery } from './model.js';
import { argumentCoordinate, fieldCoordinate, type Visible } from './visibility.js';

const NAME = 'inaccessible';
const INACCESSIBLE: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: NAME } };

const MACHINERY = parse(`
  schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }

  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
`);

/** Marks every element that is not visible `@inaccessible`, and declares the directive where that is missing. */
export function markInaccessible(supergraph: DocumentNode, visible: Visible): DocumentNode {
  const declared = supergraph.definitions.some(
    (node) => node.kind === Kind.DIRECTIVE_DEFINITION && node.name.value === NAME,
  );
  const marked = supergraph.definitions.map((node) => markDefinition(node, visible));
  return { ...supergraph, definitions: declared ? marked : declareInaccessible(marked) };
}

function declareInaccessible(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const [schema, directive] = MACHINERY.definitions as [SchemaDefinitionNode, DefinitionNode];
  const linked = definitions.map((node) =>
    node.kind === Kind.SCHEMA_DEFINITION
      ? { ...node, directives: [...(node.directives ?? []), ...(schema.directives ?? [])] }
      : node,
  );
  return [...linked, directive];
}

function markDefinition(node: DefinitionNode, visible: Visible): DefinitionNode {
  if (!('name' in node) || node.name === undefined || isMachinery(node.name.value)) return node;
  const type = node.name.value;
  const isVisible = visible.has(type);
  if (node.kind === Kind.UNION_TYPE_DEFINITION || node.kind === Kind.SCALAR_TYPE_DEFINITION) {
    return mark(node, isVisible);
  }
  if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
    if (!isVisible) return mark(node, false);
    const fields = node.fields?.map((field) => markField(type, field, visible));
    return { ...node, ...(fields && { fields }) };
  }
  if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
    if (!isVisible) return mark(node, false);
    return { ...node, ...(node.fields && { fields: markMembers(type, node.fields, visible) }) };
  }
  if (node.kind === Kind.ENUM_TYPE_DEFINITION) {
    if (!isVisible) return mark(node, false);
    return { ...node, ...(node.values && { values: markMembers(type, node.values, visible) }) };
  }
  return node;
}

function markMembers<Node extends InputValueDefinitionNode | EnumValueDefinitionNode>(
  type: string,
  nodes: readonly Node[],
  visible: Visible,
): readonly Node[] {
  return nodes.map((node) => mark(node, visible.has(fieldCoordinate(type, node.name.value))));
}

function markField(type: string, node: FieldDefinitionNode, visible: Visible): FieldDefinitionNode {
  if (!visible.has(fieldCoordinate(type, node.name.value))) return mark(node, false);
  const parameters = node.arguments?.map((argument) =>
    mark(argument, visible.has(argumentCoordinate(type, node.name.value, argument.name.value))),
  );
  return { ...node, ...(parameters && { arguments: parameters }) };
}

function mark<Node extends { readonly directives?: readonly ConstDirectiveNode[] }>(
  node: Node,
  isVisible: boolean,
): Node {
  const directives = node.directives ?? [];
  if (isVisible || directives.some(({ name }) => name.value === NAME)) return node;
  return { ...node, directives: [...directives, INACCESSIBLE] };
}

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
  if ('name' in node && node.name && isMachinery(node.name.value)) return node;
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const type = node.name.value;
      const fields = visible.has(type)
        ? node.fields?.map((field) => markField(type, field, visible))
        : node.fields;
      return mark({ ...node, ...(fields && { fields }) }, visible.has(type));
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = markMembers(node.name.value, node.fields, visible);
      return mark({ ...node, ...(fields && { fields }) }, visible.has(node.name.value));
    }
    case Kind.ENUM_TYPE_DEFINITION: {
      const values = markMembers(node.name.value, node.values, visible);
      return mark({ ...node, ...(values && { values }) }, visible.has(node.name.value));
    }
    case Kind.UNION_TYPE_DEFINITION:
    case Kind.SCALAR_TYPE_DEFINITION:
      return mark(node, visible.has(node.name.value));
    default:
      return node;
  }
}

function markMembers<Node extends InputValueDefinitionNode | EnumValueDefinitionNode>(
  type: string,
  nodes: readonly Node[] | undefined,
  visible: Visible,
): readonly Node[] | undefined {
  if (!visible.has(type)) return nodes;
  return nodes?.map((node) => mark(node, visible.has(fieldCoordinate(type, node.name.value))));
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

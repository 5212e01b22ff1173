import {
  isInterfaceType,
  isObjectType,
  Kind,
  type ArgumentNode,
  type GraphQLField,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';

/**
 * The values of a field's arguments as a text: equal for values that mean the same. Planners write values anew, so the
 * order of arguments and fields, defaults that are left out, and a single value in place of a list make no difference.
 */
export function argumentValues(
  nodes: readonly ArgumentNode[] | undefined,
  field: GraphQLField<unknown, unknown> | undefined,
): string {
  const values = new Map<string, string>();
  for (const { name, defaultValue } of field?.args ?? []) {
    if (defaultValue !== undefined && defaultValue !== null) values.set(name, ofDefault(defaultValue));
  }
  for (const { name, value } of nodes ?? []) {
    const text = ofNode(value);
    if (text === 'null' && !values.has(name.value)) continue;
    values.set(name.value, text);
  }
  return listed(values);
}

function ofNode(node: ValueNode): string {
  switch (node.kind) {
    case Kind.VARIABLE:
      return `$${node.name.value}`;
    case Kind.NULL:
      return 'null';
    case Kind.INT:
    case Kind.FLOAT:
      return String(Number(node.value));
    case Kind.BOOLEAN:
      return String(node.value);
    case Kind.STRING:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return inList(node.values.map(ofNode));
    case Kind.OBJECT:
      return listed(new Map(node.fields.map(({ name, value }) => [name.value, ofNode(value)])));
  }
}

function ofDefault(value: unknown): string {
  if (Array.isArray(value)) return inList(value.map(ofDefault));
  if (typeof value !== 'object' || value === null) return String(value);
  return listed(new Map(Object.entries(value).map(([name, inner]) => [name, ofDefault(inner)])));
}

function inList(values: readonly string[]): string {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : JSON.stringify(values);
}

function listed(values: ReadonlyMap<string, string>): string {
  return JSON.stringify([...values].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A field of an object or interface type, if there is one. */
export function fieldOf(
  schema: GraphQLSchema,
  typeName: string,
  fieldName: string,
): GraphQLField<unknown, unknown> | undefined {
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
}

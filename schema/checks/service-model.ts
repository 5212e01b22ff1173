import {
  Kind,
  parse,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeDefinitionNode,
} from 'graphql';

export type CompositeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | ObjectTypeExtensionNode;

/** One service's contract, parsed. */
export interface ServiceModel {
  readonly name: string;
  /** Every type that it defines. */
  readonly types: readonly TypeDefinitionNode[];
  /** The types with output fields, extensions included. */
  readonly composites: readonly CompositeNode[];
}

/** Parses the SDL of the services, by name. */
export function readServices(subgraphs: Readonly<Record<string, string>>): ServiceModel[] {
  return Object.entries(subgraphs).map(([name, sdl]) => {
    const definitions = parse(sdl).definitions;
    return {
      name,
      types: definitions.filter((node): node is TypeDefinitionNode => node.kind.endsWith('TypeDefinition')),
      composites: definitions
        .filter(
          (node): node is CompositeNode =>
            node.kind === Kind.OBJECT_TYPE_DEFINITION ||
            node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
            node.kind === Kind.OBJECT_TYPE_EXTENSION,
        )
        .map((node, _, composites) => withoutNamed(node, composites)),
    };
  });
}

/**
 * An interface without the fields that the service only names for others: federation forbids `@external` on them, so they
 * are those which every type that implements it marks.
 */
function withoutNamed(node: CompositeNode, composites: readonly CompositeNode[]): CompositeNode {
  if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
  const types = composites.filter((type) =>
    type.interfaces?.some(({ name }) => name.value === node.name.value),
  );
  if (types.length === 0) return node;
  const resolved = new Set(types.flatMap(resolvedFields).map(({ name }) => name.value));
  return { ...node, fields: (node.fields ?? []).filter(({ name }) => resolved.has(name.value)) };
}

interface WithDirectives {
  readonly directives?: readonly ConstDirectiveNode[];
}

export function hasDirective(node: WithDirectives, ...names: readonly string[]): boolean {
  return (node.directives ?? []).some(({ name }) => names.includes(name.value));
}

/** The fields that a service resolves itself: all but those that it only names for others (`@external`). */
export function resolvedFields(node: CompositeNode): FieldDefinitionNode[] {
  return (node.fields ?? []).filter((field) => !hasDirective(field, 'external'));
}

/** The names of the fields of a type's keys, the outermost level. */
export function keyFields(node: WithDirectives): ReadonlySet<string> {
  const keys = (node.directives ?? []).filter(({ name }) => name.value === 'key').map(fieldsOfKey);
  return new Set(
    keys.flatMap((key) =>
      key
        .replaceAll(/\{[^}]*\}/g, ' ')
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  );
}

function fieldsOfKey(key: ConstDirectiveNode): string {
  const value = key.arguments?.find(({ name }) => name.value === 'fields')?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}

/** True when the service can resolve a reference to the type, by at least one key. */
export function hasResolvableKey(node: WithDirectives): boolean {
  return (node.directives ?? []).some(
    (directive) =>
      directive.name.value === 'key' &&
      !directive.arguments?.some(
        ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
      ),
  );
}

/** Every argument and input field of a service, with its coordinate. */
export function inputValues(service: ServiceModel): [string, InputValueDefinitionNode][] {
  const ofInputs = service.types.flatMap((node) =>
    node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION
      ? (node.fields ?? []).map((field): [string, InputValueDefinitionNode] => [
          `${node.name.value}.${field.name.value}`,
          field,
        ])
      : [],
  );
  const ofFields = service.composites.flatMap((node) =>
    (node.fields ?? []).flatMap((field) =>
      (field.arguments ?? []).map((argument): [string, InputValueDefinitionNode] => [
        `${node.name.value}.${field.name.value}(${argument.name.value}:)`,
        argument,
      ]),
    ),
  );
  return [...ofInputs, ...ofFields];
}

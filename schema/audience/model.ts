import {
  Kind,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
  type ValueNode,
} from 'graphql';

/** Whom an element names by its own `@tag`s; `HIDDEN` when a service marks it `@inaccessible` for everybody. */
export type OwnTags = ReadonlySet<string> | 'HIDDEN';

/** An argument or a field of an input type. */
export interface Input {
  readonly tags: OwnTags;
  readonly type: string;
  /** True when a caller must give it: non-null, without a default. */
  readonly required: boolean;
  readonly defaultValue: ValueNode | undefined;
}

export interface Field {
  readonly tags: OwnTags;
  readonly type: string;
  readonly arguments: ReadonlyMap<string, Input>;
}

interface Named {
  readonly name: string;
  readonly tags: OwnTags;
}

export type ModelType = Named &
  (
    | {
        readonly kind: 'OBJECT' | 'INTERFACE';
        readonly fields: ReadonlyMap<string, Field>;
        readonly interfaces: readonly string[];
      }
    | { readonly kind: 'UNION'; readonly members: readonly string[] }
    | { readonly kind: 'INPUT'; readonly inputs: ReadonlyMap<string, Input> }
    | { readonly kind: 'ENUM'; readonly values: ReadonlyMap<string, OwnTags> }
    | { readonly kind: 'SCALAR' }
  );

/** What of a supergraph decides who sees what. */
export interface Model {
  readonly types: ReadonlyMap<string, ModelType>;
  /** The names of the query, mutation and subscription types. */
  readonly roots: ReadonlySet<string>;
  readonly queryRoot: string;
}

/** True for the types of the federation machinery (`join__Graph`), which no API schema shows. */
export function isMachinery(typeName: string): boolean {
  return typeName.includes('__');
}

/** Reads the types of a supergraph; those of the federation machinery are left out. */
export function readModel(supergraph: DocumentNode): Model {
  const types = new Map<string, ModelType>();
  const roots = new Map<string, string>();
  for (const node of supergraph.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION) {
      for (const root of node.operationTypes) roots.set(root.operation, root.type.name.value);
    } else if (isTypeDefinition(node) && !isMachinery(node.name.value)) {
      types.set(node.name.value, readType(node));
    }
  }
  return { types, roots: new Set(roots.values()), queryRoot: roots.get('query') ?? 'Query' };
}

function isTypeDefinition(node: { readonly kind: string }): node is TypeDefinitionNode {
  return node.kind.endsWith('TypeDefinition');
}

function readType(node: TypeDefinitionNode): ModelType {
  const named: Named = { name: node.name.value, tags: ownTags(node) };
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return {
        ...named,
        kind: node.kind === Kind.OBJECT_TYPE_DEFINITION ? 'OBJECT' : 'INTERFACE',
        fields: new Map((node.fields ?? []).map((field) => [field.name.value, readField(field)])),
        interfaces: (node.interfaces ?? []).map((type) => type.name.value),
      };
    case Kind.UNION_TYPE_DEFINITION:
      return { ...named, kind: 'UNION', members: (node.types ?? []).map((type) => type.name.value) };
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return { ...named, kind: 'INPUT', inputs: readInputs(node.fields) };
    case Kind.ENUM_TYPE_DEFINITION:
      return {
        ...named,
        kind: 'ENUM',
        values: new Map((node.values ?? []).map((value) => [value.name.value, ownTags(value)])),
      };
    case Kind.SCALAR_TYPE_DEFINITION:
      return { ...named, kind: 'SCALAR' };
  }
}

function readField(node: FieldDefinitionNode): Field {
  return { tags: ownTags(node), type: namedType(node.type), arguments: readInputs(node.arguments) };
}

function readInputs(nodes: readonly InputValueDefinitionNode[] | undefined): ReadonlyMap<string, Input> {
  return new Map((nodes ?? []).map((node) => [node.name.value, readInput(node)]));
}

function readInput(node: InputValueDefinitionNode): Input {
  return {
    tags: ownTags(node),
    type: namedType(node.type),
    required: node.type.kind === Kind.NON_NULL_TYPE && node.defaultValue === undefined,
    defaultValue: node.defaultValue,
  };
}

/** The name of a type without its list and non-null wrappers. */
export function namedType(node: TypeNode): string {
  return node.kind === Kind.NAMED_TYPE ? node.name.value : namedType(node.type);
}

function ownTags(node: { readonly directives?: readonly ConstDirectiveNode[] }): OwnTags {
  const directives = node.directives ?? [];
  if (directives.some(({ name }) => name.value === 'inaccessible')) return 'HIDDEN';
  return new Set(directives.filter(({ name }) => name.value === 'tag').flatMap(tagName));
}

function tagName(directive: ConstDirectiveNode): string[] {
  const value = directive.arguments?.find(({ name }) => name.value === 'name')?.value;
  return value?.kind === Kind.STRING ? [value.value] : [];
}

import { createHash } from 'node:crypto';
import {
  Kind,
  print,
  visit,
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import {
  fieldsTypes,
  isFieldsType,
  parseFieldSet,
  printFieldSet,
  serviceNames,
  stringArgument,
  type FieldsTypeNode,
} from './supergraph-document.js';

/** What a stand-in stands for. */
export interface StandIn {
  readonly field: string;
  readonly arguments: readonly ArgumentNode[];
}

/** What the fields of services require, in stand-ins. */
export interface RequiredArguments {
  /** By the stand-in's name. */
  readonly standIns: ReadonlyMap<string, StandIn>;
  /** The stand-ins that `@requires` of a service's field names: paths of field names, joined by dots. */
  readonly requiredBy: (service: string, typeName: string, fieldName: string) => readonly string[];
}

/**
 * Gives each field with arguments that a `@requires` names a stand-in: a field without arguments, of a name of its own,
 * wherever the field itself is. A planner keeps `price(currency: "USD")` and `price(currency: "EUR")` under one key,
 * whether two `@requires` ask for them or the client does; stand-ins keep them apart. `restoreRequiredArguments` puts
 * the fields back into the plan.
 */
export function withStandIns(supergraph: DocumentNode): {
  readonly document: DocumentNode;
  readonly required: RequiredArguments;
} {
  const found = new StandIns(supergraph);
  const required = visit(supergraph, {
    enter: (node) => (isFieldsType(node) ? found.inRequires(node) : undefined),
  });
  const { standIns, requiredBy } = found;
  return {
    document: standIns.size === 0 ? supergraph : found.addedTo(required),
    required: {
      standIns,
      requiredBy: (service, typeName, fieldName) =>
        requiredBy.get(`${service}.${typeName}.${fieldName}`) ?? [],
    },
  };
}

class StandIns {
  readonly standIns = new Map<string, StandIn>();
  readonly requiredBy = new Map<string, string[]>();
  /** The names of stand-ins by the type that gets them. */
  private readonly byType = new Map<string, Set<string>>();
  private readonly types: ReadonlyMap<string, FieldsTypeNode>;
  private readonly services: ReadonlyMap<string, string>;

  constructor(supergraph: DocumentNode) {
    this.types = fieldsTypes(supergraph);
    this.services = serviceNames(supergraph);
  }

  /** The type, with stand-ins in what its fields require. */
  inRequires(type: FieldsTypeNode): FieldsTypeNode {
    const fields = (type.fields ?? []).map((field): FieldDefinitionNode => {
      const directives = (field.directives ?? []).map((directive) => {
        const requires =
          directive.name.value === 'join__field' ? stringArgument(directive, 'requires') : undefined;
        if (requires === undefined) return directive;
        const paths: string[] = [];
        const replaced = this.inFieldSet(parseFieldSet(requires), type.name.value, '', paths);
        const service = this.services.get(stringArgument(directive, 'graph') ?? '') ?? '';
        this.requiredBy.set(`${service}.${type.name.value}.${field.name.value}`, paths);
        return withString(directive, 'requires', printFieldSet(replaced));
      });
      return { ...field, directives };
    });
    return { ...type, fields };
  }

  private inFieldSet(
    set: SelectionSetNode,
    typeName: string,
    path: string,
    paths: string[],
  ): SelectionSetNode {
    const selections = set.selections.map((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const narrowed = selection.typeCondition?.name.value ?? typeName;
        return { ...selection, selectionSet: this.inFieldSet(selection.selectionSet, narrowed, path, paths) };
      }
      if (selection.kind !== Kind.FIELD) return selection;
      const definition = this.types
        .get(typeName)
        ?.fields?.find(({ name }) => name.value === selection.name.value);
      if (definition === undefined) return selection;
      const name = this.nameOf(selection, definition, typeName);
      const ownPath = path === '' ? name : `${path}.${name}`;
      if (name !== selection.name.value) paths.push(ownPath);
      const below =
        selection.selectionSet &&
        this.inFieldSet(selection.selectionSet, namedType(definition), ownPath, paths);
      return {
        ...selection,
        name: { kind: Kind.NAME, value: name } as const,
        arguments: name === selection.name.value ? (selection.arguments ?? []) : [],
        ...(below === undefined ? {} : { selectionSet: below }),
      };
    });
    return { ...set, selections };
  }

  /** The field's own name when it has no arguments, else that of its stand-in. */
  private nameOf(selection: FieldNode, definition: FieldDefinitionNode, typeName: string): string {
    const field = selection.name.value;
    const isContextual = definition.directives?.some((directive) =>
      directive.arguments?.some(({ name }) => name.value === 'contextArguments'),
    );
    if ((definition.arguments ?? []).length === 0 || isContextual === true) return field;
    const given = selection.arguments ?? [];
    const values = given.map((argument) => print(argument)).sort();
    const hash = createHash('sha256').update(values.join()).digest('hex').slice(0, 8);
    const name = `${field}__required_${hash}`;
    this.standIns.set(name, { field, arguments: given });
    for (const type of [typeName, ...this.implementationsOf(typeName)]) {
      this.byType.set(type, (this.byType.get(type) ?? new Set()).add(name));
    }
    return name;
  }

  private implementationsOf(interfaceName: string): string[] {
    const implementing = [...this.types.values()].filter(({ interfaces }) =>
      interfaces?.some(({ name }) => name.value === interfaceName),
    );
    return implementing.map(({ name }) => name.value);
  }

  addedTo(supergraph: DocumentNode): DocumentNode {
    const withStandInFields = (type: FieldsTypeNode): FieldsTypeNode | undefined => {
      const names = this.byType.get(type.name.value);
      if (names === undefined) return undefined;
      const added = [...names].flatMap((name) => {
        const standIn = this.standIns.get(name);
        const field = type.fields?.find((candidate) => candidate.name.value === standIn?.field);
        return field === undefined ? [] : [standInField(name, field)];
      });
      return { ...type, fields: [...(type.fields ?? []), ...added] };
    };
    return visit(supergraph, {
      enter: (node) => (isFieldsType(node) ? withStandInFields(node) : undefined),
    });
  }
}

function standInField(name: string, field: FieldDefinitionNode): FieldDefinitionNode {
  return {
    ...field,
    name: { kind: Kind.NAME, value: name },
    arguments: [],
    directives: (field.directives ?? []).filter((directive) => directive.name.value === 'join__field'),
  };
}

function namedType({ type }: FieldDefinitionNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

function withString(directive: ConstDirectiveNode, argument: string, value: string): ConstDirectiveNode {
  return {
    ...directive,
    arguments: (directive.arguments ?? []).map((node) =>
      node.name.value === argument ? { ...node, value: { kind: Kind.STRING, value } } : node,
    ),
  };
}

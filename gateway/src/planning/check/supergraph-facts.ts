import {
  getNamedType,
  isAbstractType,
  type DocumentNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import {
  booleanArgument,
  fieldsTypes,
  parseFieldSet,
  serviceNames,
  stringArgument,
} from '../supergraph-document.js';

/** Names of object types; an interface that nothing implements stands for itself. */
export type TypeNames = ReadonlySet<string>;

/** What a supergraph says of its services, as far as plans are checked by it. */
export class SupergraphFacts {
  private readonly keys = new Map<string, SelectionSetNode[]>();
  private readonly required = new Map<string, SelectionSetNode>();
  private readonly external = new Set<string>();
  private readonly typesOfFields = new Map<string, TypeNames>();

  /**
   * @param document the supergraph
   * @param supergraph its schema, with what clients do not see
   * @param services the schema of each service by name
   */
  constructor(
    document: DocumentNode,
    readonly supergraph: GraphQLSchema,
    readonly services: ReadonlyMap<string, GraphQLSchema>,
  ) {
    const names = serviceNames(document);
    for (const { name, directives, fields } of fieldsTypes(document).values()) {
      for (const directive of directives ?? []) {
        const key = stringArgument(directive, 'key');
        if (key === undefined || booleanArgument(directive, 'resolvable') === false) continue;
        const place = `${names.get(stringArgument(directive, 'graph') ?? '')}.${name.value}`;
        this.keys.set(place, [...(this.keys.get(place) ?? []), parseFieldSet(key)]);
      }
      for (const field of fields ?? []) {
        for (const directive of field.directives ?? []) {
          const service = names.get(stringArgument(directive, 'graph') ?? '');
          const place = `${service}.${name.value}.${field.name.value}`;
          const requires = stringArgument(directive, 'requires');
          if (requires !== undefined) this.required.set(place, parseFieldSet(requires));
          if (booleanArgument(directive, 'external') === true) this.external.add(place);
        }
      }
    }
  }

  /** The keys by which a service resolves entities of a type. */
  keysOf(service: string, typeName: string): readonly SelectionSetNode[] {
    return this.keys.get(`${service}.${typeName}`) ?? [];
  }

  /** What a service's field needs to be sent of its entity. */
  requiredBy(service: string, typeName: string, fieldName: string): SelectionSetNode | undefined {
    return this.required.get(`${service}.${typeName}.${fieldName}`);
  }

  /** The object types that a type stands for. */
  possible(typeName: string): TypeNames {
    const type = this.supergraph.getType(typeName);
    if (!isAbstractType(type)) return new Set([typeName]);
    const names = this.supergraph.getPossibleTypes(type).map(({ name }) => name);
    return new Set(names.length === 0 ? [typeName] : names);
  }

  /** The object types of what a service can answer where it declares a type. */
  possibleIn(service: string, typeName: string): TypeNames {
    const schema = this.services.get(service);
    const type = schema?.getType(typeName);
    if (schema === undefined || !isAbstractType(type)) return this.possible(typeName);
    return new Set(schema.getPossibleTypes(type).flatMap(({ name }) => [...this.possible(name)]));
  }

  /**
   * The object types of what a field can hold. Services that share a field give the same value, so that it is of a type
   * that all of them know.
   */
  typesOf(typeName: string, fieldName: string): TypeNames {
    const place = `${typeName}.${fieldName}`;
    const known = this.typesOfFields.get(place);
    if (known !== undefined) return known;
    const answers = [...this.services].flatMap(([service, schema]) =>
      this.declaringTypes(schema, typeName).flatMap((declaring) => {
        const type = schema.getType(declaring);
        const field = type && 'getFields' in type ? type.getFields()[fieldName] : undefined;
        if (field === undefined || this.external.has(`${service}.${declaring}.${fieldName}`)) return [];
        return [this.possibleIn(service, getNamedType(field.type).name)];
      }),
    );
    const [first = new Set<string>(), ...others] = answers;
    const shared = [...first].filter((name) => others.every((other) => other.has(name)));
    const types = new Set(shared.length > 0 ? shared : answers.flatMap((names) => [...names]));
    this.typesOfFields.set(place, types);
    return types;
  }

  /** The type itself, and interfaces that a service has as an object. */
  private declaringTypes(schema: GraphQLSchema, typeName: string): readonly string[] {
    const type = this.supergraph.getType(typeName);
    const interfaces = type && 'getInterfaces' in type ? type.getInterfaces().map(({ name }) => name) : [];
    return [typeName, ...interfaces.filter((name) => !isAbstractType(schema.getType(name)))];
  }
}

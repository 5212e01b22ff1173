import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { CostRules, FieldRule } from './cost-rules.js';

export interface CostDefaults {
  /** Entries of a list without `@listSize`. */
  readonly listSize: number;
  /** Added for each root field of a mutation without `@cost`. */
  readonly mutation: number;
  /** What `__schema` or `__type` costs, whatever is asked below it. */
  readonly introspection: number;
}

/** A list of plans or contacts is about ten long; a mutation costs about what ten rows cost. */
export const costDefaults: CostDefaults = { listSize: 10, mutation: 10, introspection: 10 };

/** What things cost in a schema: objects 1, scalars and enums 0, unless the cost directives say otherwise. */
export class CostModel {
  readonly #typeWeights = new Map<string, number>();

  /**
   * @param schema the schema that operations are valid for
   * @param rules the directives of the supergraph that it is a part of
   */
  constructor(
    readonly schema: GraphQLSchema,
    readonly rules: CostRules,
    readonly defaults: CostDefaults = costDefaults,
  ) {}

  ruleOf(parent: GraphQLNamedType, field: string): FieldRule | undefined {
    return this.rules.fields.get(parent.name)?.get(field);
  }

  fieldWeight(parent: GraphQLNamedType, rule: FieldRule | undefined): number {
    return rule?.weight ?? (parent === this.schema.getMutationType() ? this.defaults.mutation : 0);
  }

  /** The weight of one value; of an abstract type, of the heaviest type that it may be. */
  typeWeight(type: GraphQLOutputType): number {
    const named = getNamedType(type);
    const known = this.#typeWeights.get(named.name);
    if (known !== undefined) return known;
    const own = this.rules.types.get(named.name) ?? (isLeafType(named) ? 0 : 1);
    const weight = Math.max(
      own,
      ...this.concreteTypes(named).map(({ name }) => this.rules.types.get(name) ?? 0),
    );
    this.#typeWeights.set(named.name, weight);
    return weight;
  }

  /** The object types that a value of this type may have. */
  concreteTypes(type: GraphQLNamedType): readonly GraphQLNamedType[] {
    if (isObjectType(type) || isLeafType(type)) return [type];
    return 'getTypes' in type || isInterfaceType(type) ? this.schema.getPossibleTypes(type) : [];
  }
}

/** A field of an object type or interface by its name; undefined when there is none, `__typename` and the like included. */
export function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

/** 0 for what is no list, 1 for a list, 2 for a list of lists. */
export function listDepth(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepth(type.ofType);
  return isListType(type) ? 1 + listDepth(type.ofType) : 0;
}

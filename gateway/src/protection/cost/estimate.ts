import {
  getNamedType,
  isCompositeType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { largest, product, sum, when, type Amount } from './amount.js';
import { ValueReader } from './argument-value.js';
import { conditionOf } from './condition.js';
import { fieldOf, listDepth, type CostModel } from './cost-model.js';
import { argumentsWeight } from './input-weight.js';
import { listLength } from './list-length.js';

/** An object of one type whose fields are asked for. */
interface Scope {
  readonly type: GraphQLNamedType;
  /** How long its lists are, where the field that returned it says so (`sizedFields`). */
  readonly sized: ReadonlyMap<string, Amount>;
  readonly known: Map<SelectionSetNode, Amount>;
}

const unsized: ReadonlyMap<string, Amount> = new Map();

/** Compiles what an operation costs at the most: each selection once for each type, fragments and all. */
export class Estimate {
  readonly #values: ValueReader;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #scopes = new Map<GraphQLNamedType, Scope>();

  constructor(
    private readonly model: CostModel,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
  ) {
    this.#values = new ValueReader(operation);
    this.#fragments = new Map(
      document.definitions
        .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
  }

  compile(): Amount {
    const root = this.model.schema.getRootType(this.operation.operation);
    return root ? this.#selections(this.operation.selectionSet, this.#scope(root)) : 0;
  }

  /** What is added once for a field that is asked for, without what it returns. */
  ownWeight(parent: GraphQLNamedType, node: FieldNode, field: GraphQLField<unknown, unknown>): Amount {
    const rule = this.model.ruleOf(parent, field.name);
    return sum([
      this.model.fieldWeight(parent, rule),
      argumentsWeight(node, field, rule, this.model.rules, this.#values),
    ]);
  }

  /** Whether a selection is asked for at all, by `@skip` and `@include`. */
  condition(node: SelectionNode) {
    return conditionOf(node, this.#values);
  }

  #scope(type: GraphQLNamedType, sized = unsized): Scope {
    if (sized.size > 0) return { type, sized, known: new Map() };
    const scope = this.#scopes.get(type) ?? { type, sized, known: new Map<SelectionSetNode, Amount>() };
    this.#scopes.set(type, scope);
    return scope;
  }

  #selections(set: SelectionSetNode, scope: Scope): Amount {
    const known = scope.known.get(set);
    if (known !== undefined) return known;
    scope.known.set(set, 0); // a fragment that contains itself: validation refuses it
    const amount = sum(
      set.selections.map((node) => when(this.condition(node), this.#selection(node, scope))),
    );
    scope.known.set(set, amount);
    return amount;
  }

  #selection(node: SelectionNode, scope: Scope): Amount {
    if (node.kind === Kind.FIELD) return this.#field(node, scope);
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
    if (fragment === undefined) return 0;
    const condition = fragment.typeCondition?.name.value;
    return this.#applies(condition, scope.type) ? this.#selections(fragment.selectionSet, scope) : 0;
  }

  /** Whether an object of this type is one that the condition names. */
  #applies(condition: string | undefined, type: GraphQLNamedType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const named = this.model.schema.getType(condition);
    return named !== undefined && this.model.concreteTypes(named).includes(type);
  }

  #field(node: FieldNode, { type, sized }: Scope): Amount {
    if (node.name.value.startsWith('__')) {
      return node.selectionSet === undefined ? 0 : this.model.defaults.introspection;
    }
    const field = fieldOf(type, node.name.value);
    if (field === undefined) return 0;
    const each = sum([this.model.typeWeight(field.type), this.#below(node, field.type, type, field)]);
    const length = sized.get(field.name) ?? this.#ownLength(node, type, field);
    return sum([this.ownWeight(type, node, field), product(length, each)]);
  }

  /** What one value of a field brings: the most that any of its possible types does. */
  #below(
    node: FieldNode,
    returned: GraphQLOutputType,
    parent: GraphQLNamedType,
    field: GraphQLField<unknown, unknown>,
  ): Amount {
    const named = getNamedType(returned);
    const { selectionSet } = node;
    if (selectionSet === undefined || !isCompositeType(named)) return 0;
    const sized = this.#sizedFields(node, parent, field);
    return largest(
      this.model.concreteTypes(named).map((type) => this.#selections(selectionSet, this.#scope(type, sized))),
    );
  }

  #sizedFields(
    node: FieldNode,
    parent: GraphQLNamedType,
    field: GraphQLField<unknown, unknown>,
  ): ReadonlyMap<string, Amount> {
    const listSize = this.model.ruleOf(parent, field.name)?.listSize;
    if (listSize === undefined || listSize.sizedFields.length === 0) return unsized;
    const length = listLength(listSize, node, field, this.#values, this.model.defaults.listSize);
    return new Map(listSize.sizedFields.map((name) => [name, length]));
  }

  /** How many values a field returns: 1 where it is no list; inner lists of lists have the usual length. */
  #ownLength(node: FieldNode, parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>): Amount {
    const depth = listDepth(field.type);
    if (depth === 0) return 1;
    const usual = this.model.defaults.listSize;
    const listSize = this.model.ruleOf(parent, field.name)?.listSize;
    const outer =
      listSize === undefined || listSize.sizedFields.length > 0
        ? usual
        : listLength(listSize, node, field, this.#values, usual);
    return product(outer, usual ** (depth - 1));
  }
}

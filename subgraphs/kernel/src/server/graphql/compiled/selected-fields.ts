import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { NotCompilable } from './not-compilable.js';

/** A variable that has to be so for a field to be selected. */
export interface Condition {
  readonly variable: string;
  readonly is: boolean;
}

/** What is selected under one name of the answer. */
export interface SelectedField {
  readonly responseName: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** All have to hold. */
  readonly conditions: readonly Condition[];
}

export interface Selections {
  readonly schema: GraphQLSchema;
  /** So many selections may still be looked at. */
  readonly budget: { left: number };
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * The fields that sets of selections select of an object type, in the order of the answer (GraphQL specification of October
 * 2021, 6.3.2 "Field Collection").
 * @throws NotCompilable for a name that stands twice and only on conditions, for `__proto__`, and when the budget is used up
 */
export function selectedFields(
  selections: Selections,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): readonly SelectedField[] {
  const fields = new Map<string, SelectedField>();
  const seen = new Set<string>();
  for (const set of sets) collect({ ...selections, type, fields, seen }, set, []);
  return [...fields.values()];
}

interface Collection extends Selections {
  readonly type: GraphQLObjectType;
  readonly fields: Map<string, SelectedField>;
  /** Names of fragments without a condition, each of which counts once. */
  readonly seen: Set<string>;
}

function collect(
  collection: Collection,
  { selections }: SelectionSetNode,
  outer: readonly Condition[],
): void {
  for (const selection of selections) {
    if (--collection.budget.left < 0) throw new NotCompilable('so much');
    const own = conditionsOf(selection);
    if (own === 'never') continue;
    const conditions = [...outer, ...own];
    if (selection.kind === Kind.FIELD) addField(collection, selection, conditions);
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const { typeCondition, selectionSet } = selection;
      if (applies(collection, typeCondition?.name.value)) collect(collection, selectionSet, conditions);
    } else collectFragment(collection, selection.name.value, conditions);
  }
}

function collectFragment(collection: Collection, name: string, conditions: readonly Condition[]): void {
  const fragment = collection.fragments[name];
  if (fragment === undefined || collection.seen.has(name)) return;
  if (conditions.length === 0) collection.seen.add(name);
  if (applies(collection, fragment.typeCondition.name.value)) {
    collect(collection, fragment.selectionSet, conditions);
  }
}

function addField({ fields }: Collection, node: FieldNode, conditions: readonly Condition[]): void {
  const responseName = (node.alias ?? node.name).value;
  // As a key of an object it would be no key.
  if (responseName === '__proto__') throw new NotCompilable(responseName);
  const known = fields.get(responseName);
  if (known === undefined) {
    fields.set(responseName, { responseName, nodes: [node], conditions });
    return;
  }
  if (conditions.length > 0 || known.conditions.length > 0) throw new NotCompilable(responseName);
  fields.set(responseName, { ...known, nodes: [...known.nodes, node] });
}

/** Whether what is selected of a type is selected of the object type. */
function applies({ schema, type }: Collection, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const other = schema.getType(condition);
  return isAbstractType(other) && schema.isSubType(other, type);
}

function conditionsOf({ directives = [] }: SelectionNode): readonly Condition[] | 'never' {
  const conditions: Condition[] = [];
  for (const { name, arguments: given = [] } of directives) {
    const wanted = wantedBy(name.value);
    if (wanted === undefined) continue;
    const value = given[0]?.value;
    if (value?.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, is: wanted });
    else if (value?.kind !== Kind.BOOLEAN) throw new NotCompilable(name.value);
    else if (value.value !== wanted) return 'never';
  }
  return conditions;
}

function wantedBy(directive: string): boolean | undefined {
  if (directive === GraphQLIncludeDirective.name) return true;
  return directive === GraphQLSkipDirective.name ? false : undefined;
}

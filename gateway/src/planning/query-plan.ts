/**
 * A query plan: which service is asked what, in which order. The form is the one that @apollo/query-planner gives
 * (a superset of it is assignable); other planners behind the port speak it too.
 */
export interface QueryPlan {
  /** Absent when nothing has to be asked of any service. */
  readonly node?: PlanNode;
  /** Aliases of the client under which its fields are not asked of services: see `data-keys.ts`. */
  readonly renamedAliases?: readonly string[];
}

export type PlanNode = SequenceNode | ParallelNode | FetchNode | FlattenNode | ConditionNode;

/** One after another: a later node reads what earlier ones brought. */
export interface SequenceNode {
  readonly kind: 'Sequence';
  readonly nodes: readonly PlanNode[];
}

/** Side by side. */
export interface ParallelNode {
  readonly kind: 'Parallel';
  readonly nodes: readonly PlanNode[];
}

/** One request to one service: for root fields, or (with `requires`) for entities below a `FlattenNode`'s path. */
export interface FetchNode {
  readonly kind: 'Fetch';
  readonly serviceName: string;
  /** What of each entity is sent as its representation. */
  readonly requires?: readonly PlanSelection[];
  /** Names of the operation's variables that the text uses, but for those that `variable-names.ts` renames. */
  readonly variableUsages?: readonly string[];
  /** The text that is sent. */
  readonly operation: string;
  readonly operationName?: string | undefined;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
  /** What is done to each representation before it is sent. */
  readonly inputRewrites?: readonly DataRewrite[];
  /** What is done to the answer before it is merged. */
  readonly outputRewrites?: readonly DataRewrite[];
  /** `@fromContext`: what is read above the entity and becomes a variable or a field of the representation. */
  readonly contextRewrites?: readonly KeyRenamer[];
}

/** Its node's fetches are for the entities at the path: names, `@` for each of a list, `... on T` conditions within names. */
export interface FlattenNode {
  readonly kind: 'Flatten';
  readonly path: readonly (string | number)[];
  readonly node: PlanNode;
}

/** One of two ways, by a boolean variable of the operation. */
export interface ConditionNode {
  readonly kind: 'Condition';
  readonly condition: string;
  readonly ifClause?: PlanNode;
  readonly elseClause?: PlanNode;
}

export type DataRewrite = ValueSetter | KeyRenamer;

export interface ValueSetter {
  readonly kind: 'ValueSetter';
  readonly path: readonly string[];
  readonly setValueTo: unknown;
}

/** The key may hold null or false: it is renamed too. */
export interface KeyRenamer {
  readonly kind: 'KeyRenamer';
  readonly path: readonly string[];
  readonly renameKeyTo: string;
}

export type PlanSelection = PlanField | PlanInlineFragment;

export interface PlanField {
  readonly kind: 'Field';
  readonly alias?: string;
  readonly name: string;
  readonly selections?: readonly PlanSelection[];
}

export interface PlanInlineFragment {
  readonly kind: 'InlineFragment';
  readonly typeCondition?: string;
  readonly selections: readonly PlanSelection[];
}

import { Kind, type OperationDefinitionNode, OperationTypeNode, type SelectionNode } from 'graphql';

/** `refused`: the request was at fault; `given-up`: nobody waited for the answer any more; `failed`: we were at fault. */
export type RequestOutcome = 'ok' | 'refused' | 'given-up' | 'failed';

/** What was asked for, in words of the service's own contract: there are as many as root fields, types and pages. */
export interface AskedFor {
  /** `none` when it is no valid request. */
  readonly kind: 'query' | 'mutation' | 'entities' | 'page' | 'none';
  /** The root field, the type of the entities, or the path of the page; `several` when there are more than one. */
  readonly field: string;
}

/** What is known of a request when it ends. Holds nothing of what a client sent. */
export interface RequestRecord {
  asked: AskedFor;
  /** The codes of the errors in the answer. */
  readonly codes: Set<string>;
}

export function newRequestRecord(): RequestRecord {
  return { asked: { kind: 'none', field: 'none' }, codes: new Set() };
}

/** @param operation one that was validated, so that all its names are the schema's */
export function askedBy({ operation, selectionSet }: OperationDefinitionNode): AskedFor {
  const [only, ...others] = selectionSet.selections;
  const kind = operation === OperationTypeNode.MUTATION ? 'mutation' : 'query';
  if (only?.kind !== Kind.FIELD || others.length > 0) return { kind, field: 'several' };
  if (only.name.value !== '_entities') return { kind, field: only.name.value };
  return { kind: 'entities', field: entityType(only.selectionSet?.selections ?? []) };
}

/** Entities are asked for by a fragment on each of their types. */
function entityType(selections: readonly SelectionNode[]): string {
  const types = selections.flatMap((selection) =>
    selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition
      ? [selection.typeCondition.name.value]
      : [],
  );
  const [type = 'several', ...others] = new Set(types);
  return others.length === 0 ? type : 'several';
}

/** @param answered whether the whole answer was taken */
export function outcomeOf({ codes }: RequestRecord, status: number, answered: boolean): RequestOutcome {
  if (!answered || codes.has('DEADLINE_EXCEEDED') || codes.has('CLIENT_GONE')) return 'given-up';
  if (status >= 500 || codes.has('INTERNAL_SERVER_ERROR')) return 'failed';
  return status >= 400 || codes.size > 0 ? 'refused' : 'ok';
}

import type {
  Representation,
  SubgraphAnswer,
  SubgraphFetch,
  SubgraphRequest,
} from '../execution/subgraph-fetch.js';
import type { FetchNode } from '../planning/query-plan.js';
import { BatchedAnswer } from './batched-answer.js';
import { digest } from './request-text.js';

/** One who waits for its part of a batch's answer. */
interface Waiting {
  readonly request: EntityRequest;
  readonly resolve: (answer: SubgraphAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A request for entities. */
type EntityRequest = SubgraphRequest & { readonly representations: readonly Representation[] };

/**
 * Asks a service once for all entities that one execution asks it for at the same moment with the same selection: a plan
 * has a fetch of its own for each place where a fragment is used, however equal they are. Each gets its part of the answer.
 *
 * What is asked waits until everything that has arrived by now is read, and no longer.
 */
export function batching<Context extends object>(fetch: SubgraphFetch<Context>): SubgraphFetch<Context> {
  let gathered = new Map<Context, Map<string, Waiting[]>>();

  const sendAll = () => {
    const batches = gathered;
    gathered = new Map();
    for (const [context, bySelection] of batches) {
      for (const waiting of bySelection.values()) send(fetch, waiting, context);
    }
  };

  return (request, context) => {
    if (!asksEntities(request)) return fetch(request, context);
    return new Promise((resolve, reject) => {
      if (gathered.size === 0) setImmediate(sendAll);
      const bySelection = gathered.get(context) ?? new Map<string, Waiting[]>();
      gathered.set(context, bySelection);
      const key = keyOf(request);
      const waiting = bySelection.get(key);
      if (waiting === undefined) bySelection.set(key, [{ request, resolve, reject }]);
      else waiting.push({ request, resolve, reject });
    });
  };
}

function asksEntities(request: SubgraphRequest): request is EntityRequest {
  return request.representations !== undefined && request.fetch.operationKind === 'query';
}

function send<Context>(fetch: SubgraphFetch<Context>, waiting: readonly Waiting[], context: Context): void {
  const [first] = waiting;
  if (first === undefined) return;
  if (waiting.length === 1) {
    fetch(first.request, context).then(first.resolve, first.reject);
    return;
  }
  const batch = new BatchedAnswer(waiting.map(({ request }) => request.representations));
  fetch({ ...first.request, representations: batch.representations }, context).then(
    (answer) => waiting.forEach(({ resolve }, number) => resolve(batch.partOf(answer, number))),
    (error: unknown) => waiting.forEach(({ reject }) => reject(error)),
  );
}

const selections = new WeakMap<FetchNode, string>();

/** Equal for requests that differ in their entities alone. */
function keyOf({ fetch, variables, sharing }: SubgraphRequest): string {
  return `${selectionOf(fetch)} ${sharing?.group ?? ''} ${JSON.stringify(variables)}`;
}

/** The service and the text of its operation, from the variables on: the name before them is another for each fetch. */
function selectionOf(fetch: FetchNode): string {
  const known = selections.get(fetch);
  if (known !== undefined) return known;
  const { serviceName, operation } = fetch;
  const selection = digest(`${serviceName} ${operation.slice(operation.indexOf('('))}`);
  selections.set(fetch, selection);
  return selection;
}

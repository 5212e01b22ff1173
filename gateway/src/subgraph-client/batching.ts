import type { SubgraphAnswer, SubgraphFetch, SubgraphRequest } from '../execution/subgraph-fetch.js';
import type { FetchNode } from '../planning/query-plan.js';
import { BatchedAnswer } from './batched-answer.js';
import { answerOfPart, failureOf, mergedVariables, type EntityRequest } from './merged-answer.js';
import { MergedFetches } from './merged-fetch.js';
import { digest } from './request-text.js';

/** One who waits for its part of a batch's answer. */
interface Waiting {
  readonly request: EntityRequest;
  readonly resolve: (answer: SubgraphAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks a service once for all that one execution asks it for at the same moment. What has the same selection is asked for
 * as one list of entities: a plan has a fetch of its own for each place where a fragment is used, however equal they are.
 * Different selections stand side by side in one request (`merged-fetch.ts`). Each gets its part of the answer, as it would
 * have got it alone: what failed for another's sake is asked for again, alone.
 *
 * What is asked waits until everything that has arrived by now is read, and no longer; what no other request of its
 * execution can meet does not wait at all.
 */
export function batching<Context extends object>(fetch: SubgraphFetch<Context>): SubgraphFetch<Context> {
  let gathered = new Map<Context, Map<string, Waiting[]>>();
  const merges = new MergedFetches();

  const sendAll = () => {
    const batches = gathered;
    gathered = new Map();
    for (const [context, byService] of batches) {
      const ask = (request: SubgraphRequest) => fetch(request, context);
      for (const waiting of byService.values()) {
        try {
          send(ask, partsOf(waiting, merges), merges);
        } catch (fault) {
          for (const { reject } of waiting) reject(fault);
        }
      }
    }
  };

  return (request, context) => {
    if (request.alone === true || !asksEntities(request)) return fetch(request, context);
    return new Promise((resolve, reject) => {
      if (gathered.size === 0) setImmediate(sendAll);
      const byService = gathered.get(context) ?? new Map<string, Waiting[]>();
      gathered.set(context, byService);
      const key = `${request.fetch.serviceName} ${request.sharing?.group ?? ''}`;
      const waiting = byService.get(key);
      if (waiting === undefined) byService.set(key, [{ request, resolve, reject }]);
      else waiting.push({ request, resolve, reject });
    });
  };
}

function asksEntities(request: SubgraphRequest): request is EntityRequest {
  return request.representations !== undefined && request.fetch.operationKind === 'query';
}

type Ask = (request: SubgraphRequest) => Promise<SubgraphAnswer>;

/** Requests of one selection, which are one request. */
interface Part {
  readonly request: EntityRequest;
  readonly answer: (answer: SubgraphAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/** In the order in which merged fetches are written. */
function partsOf(waiting: readonly Waiting[], merges: MergedFetches): readonly Part[] {
  const bySelection = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const key = keyOf(one.request);
    const same = bySelection.get(key);
    if (same === undefined) bySelection.set(key, [one]);
    else same.push(one);
  }
  const parts = [...bySelection.values()].flatMap(partOf);
  if (parts.length === 1) return parts;
  return parts
    .map((part) => ({ part, number: merges.numberOf(part.request.fetch) }))
    .sort((left, right) => left.number - right.number)
    .map(({ part }) => part);
}

function partOf(waiting: readonly Waiting[]): Part[] {
  const [first] = waiting;
  if (first === undefined) return [];
  if (waiting.length === 1) return [{ request: first.request, answer: first.resolve, fail: first.reject }];
  const batch = new BatchedAnswer(waiting.map(({ request }) => request.representations));
  return [
    {
      request: { ...first.request, representations: batch.representations },
      answer: (answer) => waiting.forEach(({ resolve }, number) => resolve(batch.partOf(answer, number))),
      fail: (error) => waiting.forEach(({ reject }) => reject(error)),
    },
  ];
}

function send(ask: Ask, parts: readonly Part[], merges: MergedFetches): void {
  const [first] = parts;
  if (first === undefined) return;
  const merged = parts.length === 1 ? undefined : merges.of(fetchesOf(parts));
  if (merged === undefined) return parts.forEach((part) => sendAlone(ask, part));
  const { sharing } = first.request;
  const variables = mergedVariables(parts.map(({ request }) => request));
  ask({ fetch: merged, variables, ...(sharing !== undefined && { sharing }) }).then(
    (answer) => deliver(answer, ask, parts, merges),
    (error: unknown) => parts.forEach(({ fail }) => fail(error)),
  );
}

/** Gives each part of a merged request its part of the answer, and asks again for those that have none in it. */
function deliver(answer: SubgraphAnswer, ask: Ask, parts: readonly Part[], merges: MergedFetches): void {
  const fetches = fetchesOf(parts);
  const failure = failureOf(answer, fetches[0]?.serviceName);
  if (failure === 'SERVICE_BAD_RESPONSE') merges.refused(fetches);
  else if (failure !== undefined) return parts.forEach((part) => part.answer(answer));
  parts.forEach((part, number) => {
    const own = answerOfPart(answer, number, part.request);
    if (own === undefined) sendAlone(ask, part);
    else part.answer(own);
  });
}

function fetchesOf(parts: readonly Part[]): readonly FetchNode[] {
  return parts.map(({ request }) => request.fetch);
}

function sendAlone(ask: Ask, { request, answer, fail }: Part): void {
  ask(request).then(answer, fail);
}

const selections = new WeakMap<FetchNode, string>();

/** Equal for requests that differ in their entities alone. */
function keyOf({ fetch, variables }: SubgraphRequest): string {
  return `${selectionOf(fetch)} ${JSON.stringify(variables)}`;
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

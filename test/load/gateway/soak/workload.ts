import type { AnsweredQuery } from '../verify.js';
import type { Workload, WorkloadRequest } from '../workload.js';

/** Every so many requests the text of the query is one that the gateway has not seen. */
const newTextEvery = 10;

/**
 * What fills every kind of memory that a gateway has: each request asks for a page of its own, as one of many viewers, and
 * some in a text that is new in each minute.
 */
export function soakWorkload(queries: readonly AnsweredQuery[], minute: number): Workload {
  const requests = queries.flatMap((query) =>
    query.requests.map((request, place) =>
      place % newTextEvery === 0 ? inNewText(request, minute, place) : request,
    ),
  );
  return { requests, everyPageOnce: true };
}

function inNewText({ body, ...request }: WorkloadRequest, minute: number, place: number): WorkloadRequest {
  const { query, ...rest } = JSON.parse(body) as { query: string };
  return { ...request, body: JSON.stringify({ query: `${query}\n# ${minute} ${place}`, ...rest }) };
}

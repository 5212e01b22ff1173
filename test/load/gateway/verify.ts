import { canonicalAnswer } from './canonical-json.js';
import type { RunningContender } from './contenders.js';
import type { BenchQuery } from './graphs/graph.js';
import { pageHole, pageName } from './stand-ins/page.js';
import type { WorkloadRequest } from './workload.js';

/** A query with what is to be answered to each of its requests, and the bytes that our gateway answered. */
export interface AnsweredQuery {
  readonly name: string;
  readonly hasPages: boolean;
  readonly requests: readonly (WorkloadRequest & { readonly answered: string })[];
}

/** Any page that no load uses; a second one shows that answers follow the page and nothing else. */
const [firstPage, secondPage] = [pageName(99_999_998), pageName(99_999_999)];

const askedTogether = 8;

/** So many of a query's requests are compared before the load; under load each connection's first answer is, too. */
const compared = 12;

/**
 * Asks our gateway each request, as the measure of all others.
 * @throws when it does not answer without errors, or an answer does not follow its page
 */
export async function answersOf(ours: RunningContender, query: BenchQuery): Promise<AnsweredQuery> {
  if (query.requests.length === 0) throw new Error(`There is nothing to ask for ${query.name}`);
  const requests: AnsweredQuery['requests'][number][] = [];
  for (let first = 0; first < query.requests.length; first += askedTogether) {
    const together = query.requests.slice(first, first + askedTogether);
    requests.push(...(await Promise.all(together.map((request) => answered(ours, query.name, request)))));
  }
  return { ...query, requests };
}

async function answered(ours: RunningContender, query: string, request: BenchQuery['requests'][number]) {
  const text = await ask(ours, request, firstPage);
  if ('errors' in (JSON.parse(text) as object)) {
    throw new Error(`Our gateway answers ${query} with errors: ${text.slice(0, 1_000)}`);
  }
  return {
    ...request,
    answered: withHole(text, firstPage),
    expected: withHole(canonicalAnswer(text), firstPage),
  };
}

/** What is wrong with the answers of a contender; null when all equal ours, for two pages where there are pages. */
export async function difference(
  contender: RunningContender,
  queries: readonly AnsweredQuery[],
): Promise<string | null> {
  for (const { name, hasPages, requests } of queries) {
    for (const request of requests.slice(0, compared)) {
      for (const page of hasPages ? [firstPage, secondPage] : [firstPage]) {
        const expected = request.expected.replaceAll(pageHole, page);
        const text = await ask(contender, request, page);
        if (canonicalAnswer(text) !== expected)
          return `${name}: ${firstDifference(canonicalAnswer(text), expected)}`;
      }
    }
  }
  return null;
}

/** @throws on anything but JSON with status 200 */
async function ask(
  { name, url }: RunningContender,
  { token, viewerToken, body }: BenchQuery['requests'][number],
  page: string,
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...(viewerToken === undefined ? {} : { 'x-viewer-token': viewerToken }),
    },
    body: body.replaceAll(pageHole, page),
  });
  const text = await response.text();
  if (response.status !== 200)
    throw new Error(`${name} answers HTTP ${response.status}: ${text.slice(0, 1_000)}`);
  return text;
}

const withHole = (text: string, page: string) => text.replaceAll(page, pageHole);

function firstDifference(got: string, expected: string): string {
  let at = 0;
  while (got[at] === expected[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
  return `«${around(got)}» where ours answers «${around(expected)}»`;
}

import { randomUUID } from 'node:crypto';
import type { LoadSystem } from '../load-system.js';
import { connectLoadClient } from './load-client.js';
import type { Target } from './multiply-deployments.js';

const document = `mutation ($input: ReportSeatsInput!) {
  reportSeats(input: $input) { outcomes { userErrors { code message } } userErrors { code message } }
}`;

interface Answer {
  readonly reportSeats: {
    readonly outcomes: readonly { readonly userErrors: readonly unknown[] }[];
    readonly userErrors: readonly unknown[];
  };
}

/**
 * Another number of users than a deployment told before, unless there are a multiple of 53 of them: a report that brings nothing new costs
 * less.
 * @param turn the report's number
 */
export function anotherCount(turn: number): number {
  return 1 + (turn % 53);
}

/** What a load has reached. */
export interface Throughput {
  readonly done: number;
  readonly perSecond: number;
}

/**
 * Reports seats for a while through the gateway, as whoever runs the namespaces does.
 * @param atOnce reports in each call
 * @returns how many deployments have reported
 * @throws when a report is refused
 */
export async function measureReports(
  { processes }: LoadSystem,
  targets: readonly Target[],
  {
    atOnce,
    clients,
    seconds,
  }: { readonly atOnce: number; readonly clients: number; readonly seconds: number },
): Promise<Throughput> {
  const reporting = targets.filter(({ kind }) => kind === 'SAAS_NAMESPACE');
  const token = await processes.identity.issueToken({ audience: 'internal', scopes: ['seats:write'] });
  const client = connectLoadClient(processes.url, clients);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let turn = 0;
  let reported = 0;
  const report = async () => {
    while (performance.now() < until) {
      const reports = Array.from({ length: atOnce }, () => {
        const one = reporting[turn++ % reporting.length];
        return {
          deploymentKind: one?.kind,
          externalId: one?.externalId,
          counts: [{ count: anotherCount(turn) }],
        };
      });
      const input = { idempotencyKey: randomUUID(), reports };
      const answer = await client.send<Answer>(token, document, { input });
      const { data } = answer;
      const refused = data?.reportSeats.outcomes.find(({ userErrors }) => userErrors.length > 0);
      if (data?.reportSeats.outcomes.length !== atOnce || refused !== undefined) {
        throw new Error(`A report was refused: ${JSON.stringify(refused ?? answer).slice(0, 500)}`);
      }
      reported += atOnce;
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, report));
  } finally {
    await client.close();
  }
  return { done: reported, perSecond: reported / ((performance.now() - startedAt) / 1000) };
}

import { withConnection, urlOf } from '@fulfillment/local/postgres/administration';
import type { LoadSystem } from '../load-system.js';
import { type BillingRun, runBilling } from './billing-run.js';
import { type CopyFloor, measureCopyFloor, nextTransaction } from './copy-floor.js';
import { multiplySubscriptions } from './multiply-subscriptions.js';

/** A billing run beside its floor. */
export interface BillingBench {
  readonly subscriptions: number;
  readonly invoices: number;
  readonly run: BillingRun;
  readonly floor: CopyFloor;
}

const dayMs = 86_400_000;

/**
 * Bills subscriptions for which something falls due within a year, as if the year were over. The service itself must not
 * run meanwhile.
 */
export async function benchBilling(
  { server }: Pick<LoadSystem, 'server'>,
  subscriptions: number,
): Promise<BillingBench> {
  const until = new Date(Date.now() + 365 * dayMs);
  return withConnection(urlOf(server.adminUrl, 'subscriptions'), async (client) => {
    const due = await multiplySubscriptions(client, subscriptions, until);
    const before = await invoicesIn(client);
    const since = await nextTransaction(client);
    const run = await runBilling(server.urls.subscriptions, until);
    const invoices = (await invoicesIn(client)) - before;
    const floor = await measureCopyFloor(client, since);
    return { subscriptions: due, invoices, run, floor };
  });

  async function invoicesIn(client: Parameters<typeof nextTransaction>[0]): Promise<number> {
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::integer AS count FROM invoice');
    return rows[0]?.count ?? 0;
  }
}

/** The figures as a person reads them. */
export function billingText({ subscriptions, invoices, run, floor }: BillingBench): string {
  const measured = invoices / run.seconds;
  const possible = invoices / floor.seconds;
  const tenth = (number: number) => megabytes(run.tenths[number - 1] ?? 0);
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(0);
  return [
    `Billing run over ${subscriptions} subscriptions: ${invoices} invoices in ${run.seconds.toFixed(1)} s`,
    `  invoices a second      ${measured.toFixed(0)}, floor ${possible.toFixed(0)} (${(possible / measured).toFixed(1)}x)`,
    `  memory                 ${megabytes(run.atStart)} MB at the start, ${megabytes(run.highest)} MB at most`,
    `                         at most ${tenth(1)} MB in the first tenth of the run, ${tenth(5)} MB in the fifth, ${tenth(10)} MB in the last`,
    `  floor                  COPY of the ${floor.rows} rows that it left, into the same indexed tables: ${floor.seconds.toFixed(1)} s`,
  ].join('\n');
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postGraphql } from '../../kit/post-graphql.js';
import { startLoadSystem, type Buyer, type LoadSystem } from '../load-system.js';

const accounts = 100;
const samplesWanted = Number(process.argv[2] ?? 1_000);
/** Deployments whose seats are changed, each by one writer in turn. */
const writers = 12;
/** Who asks for any of them all the while, so that there is always something kept that may be old. */
const readers = 8;
const promisedMs = 100;
const aim = 0.999;

process.stdout.write(
  'When reads through the gateway, which keeps answers, see a change: from the commit in licenses, which owns entitlements.\n' +
    `${samplesWanted} changes of seats by ${writers} writers, while ${readers} readers keep the answers kept.\n\n`,
);
const system = await startLoadSystem(accounts, { silent: true });
try {
  await bench(system);
} finally {
  await system.stop();
}

/** From the commit, in milliseconds: until the first read that saw it began, and whether one that began at the promised time did. */
interface Sample {
  readonly seenAfterMs: number;
  readonly keptPromise: boolean;
}

async function bench({ processes, server, buyers }: LoadSystem): Promise<void> {
  await processes.stop('gateway');
  await processes.start('gateway', { CHANGES_DATABASE_URL: server.urls.bus, LOG_LEVEL: 'silent' });
  const licenses = new pg.Pool({ connectionString: server.urls.licenses, max: 4 });
  const direct = buyers.filter(({ partnerId }) => partnerId === null).slice(0, writers);
  const changed = await Promise.all(direct.map((buyer) => createChanged(processes, licenses, buyer)));
  const samples: Sample[] = [];
  const stopping = { now: false };
  const reading = Array.from({ length: readers }, async (_, reader) => {
    for (let turn = reader; !stopping.now; turn += 1) await changed[turn % changed.length]?.read();
  });
  await Promise.all(
    changed.map(async (one) => {
      while (samples.length < samplesWanted) samples.push(await one.change());
    }),
  );
  stopping.now = true;
  await Promise.all(reading);
  await licenses.end();
  report(samples);
}

/** A deployment of the buyer's own whose seats are changed again and again. */
async function createChanged(
  { url, identity }: LoadSystem['processes'],
  licenses: pg.Pool,
  { accountId }: Buyer,
) {
  const externalId = `fresh-${randomUUID()}`;
  const writing = await identity.issueToken({ audience: 'product', account: accountId });
  let seats = 10;
  let subscriptionId = '';

  const order = async (action: object): Promise<void> => {
    const input = { idempotencyKey: randomUUID(), actions: [action] };
    for (;;) {
      const { data } = await postGraphql<{ placeOrder: { userErrors: { code: string }[] } | null }>(
        url,
        writing,
        'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code message } } }',
        { input: { ...input, idempotencyKey: randomUUID() } },
      );
      const errors = data?.placeOrder?.userErrors;
      if (errors?.length === 0) return;
      if (errors && !/SUBSCRIPTION_NOT_FOUND|UNDER_WAY/.test(JSON.stringify(errors)))
        throw new Error(JSON.stringify(errors));
      await sleep(10);
    }
  };
  const read = async (): Promise<number | undefined> => {
    const { data } = await postGraphql<{ entitlements: { seats: { purchased: number } } | null }>(
      url,
      writing,
      `query ($externalId: String!) {
         entitlements(deploymentKind: SAAS_NAMESPACE, externalId: $externalId) { planCode seats { purchased used } }
       }`,
      { externalId },
    );
    return data?.entitlements?.seats.purchased;
  };
  /** Waits for the commit in licenses itself; noticed up to 3 ms late. */
  const committed = async (quantity: number): Promise<number> => {
    for (;;) {
      const { rows } = await licenses.query<{ id: string }>(
        `SELECT s.id FROM billing_subscription AS s JOIN deployment AS d ON d.id = s.deployment_id
         WHERE d.external_id = $1 AND (s.items -> 0 ->> 'quantity')::int = $2`,
        [externalId, quantity],
      );
      const at = performance.now();
      if (rows[0]) {
        subscriptionId = rows[0].id;
        return at;
      }
      await sleep(3);
    }
  };

  await order({
    createSubscription: {
      deployment: { kind: 'SAAS_NAMESPACE', externalId },
      planCode: 'PREMIUM',
      quantity: seats,
    },
  });
  await committed(seats);
  return {
    read,
    async change(): Promise<Sample> {
      seats = seats === 10 ? 11 : seats + 1;
      const quantity = seats;
      await order({ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity } });
      const at = await committed(quantity);
      const first = (async () => {
        for (;;) {
          const began = performance.now();
          if ((await read()) === quantity) return began - at;
        }
      })();
      await sleep(Math.max(0, at + promisedMs - performance.now()));
      const [keptPromise, seenAfterMs] = await Promise.all([read().then((seen) => seen === quantity), first]);
      return { keptPromise, seenAfterMs };
    },
  };
}

function report(samples: readonly Sample[]): void {
  const sorted = samples
    .map(({ seenAfterMs }) => Math.max(0, seenAfterMs))
    .toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const kept = samples.filter(({ keptPromise }) => keptPromise).length;
  process.stdout.write(
    `from the commit until the first read began that saw it, ${samples.length} changes (ms):\n`,
  );
  for (const share of [0.5, 0.9, 0.99, 0.999, 1]) {
    process.stdout.write(`  ${`${share * 100} %`.padStart(7)} ${at(share).toFixed(1).padStart(8)}\n`);
  }
  process.stdout.write(
    `\nreads that began ${promisedMs} ms after the commit: ${kept} of ${samples.length} saw it ` +
      `(${((kept / samples.length) * 100).toFixed(2)} %; aim ${aim * 100} %)\n`,
  );
  if (kept / samples.length < aim) process.exitCode = 1;
}

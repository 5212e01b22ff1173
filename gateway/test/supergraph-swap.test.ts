import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSupergraph } from '../src/supergraph/load.js';
import { startTestGateway, type TestGateway } from './kit/gateway.js';

let folder: string;
let file: string;
let committed: string;
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-supergraph-'));
  file = join(folder, 'supergraph.graphql');
  committed = await readSupergraph();
  await writeFile(file, committed);
  gateway = await startTestGateway({
    timeoutMs: 60_000,
    variables: { SUPERGRAPH_FILE: file, SUPERGRAPH_POLL_MS: '50' },
  });
});
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

/** Puts a text in the file's place in one step, as a deployment does. */
async function publish(text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

async function stateOf(): Promise<{ id: string; refused?: { id?: string; reason: string } }> {
  const response = await fetch(`${gateway.url}/health/ready`);
  return ((await response.json()) as { supergraph: { id: string } }).supergraph;
}

/** The committed supergraph in which a field of accounts has another name. */
const renamed = (name: string) => committed.replaceAll(/\bbillingTimeZone\b/g, name);

/** The same but for a note, which no operation notices. */
const noted = (note: number) => `${committed}\n# ${note}\n`;

/** Sends one request after another, each over several of its kind, until it is stopped. */
function steadyRequests() {
  const failures: string[] = [];
  let sent = 0;
  const state = { stopped: false };
  const queries = [
    '{ accounts { nodes { id name contacts { id } } } }',
    '{ accounts { nodes { id __typename } totalCount } }',
    '{ __schema { queryType { name } } }',
  ];
  const worker = async (index: number) => {
    while (!state.stopped) {
      const query = queries[(sent + index) % queries.length] ?? '';
      sent += 1;
      const answer = await gateway.ask(gateway.tokens.internal, query).catch((error: unknown) => ({
        status: 0,
        errors: [{ message: String(error) }],
      }));
      if (answer.status !== 200 || answer.errors !== undefined) failures.push(JSON.stringify(answer));
    }
  };
  const workers = Promise.all([0, 1, 2, 3].map(worker));
  return {
    failures,
    sent: () => sent,
    stop: async () => {
      state.stopped = true;
      await workers;
    },
  };
}

it(
  'supergraphs are taken and refused under steady requests, of which none fails',
  { timeout: 300_000 },
  async () => {
    const first = await stateOf();
    const requests = steadyRequests();
    const seen = new Set([first.id]);

    for (const note of [1, 2, 3]) {
      const before = await stateOf();
      await publish(noted(note));
      await expect.poll(async () => (await stateOf()).id, { timeout: 60_000 }).not.toBe(before.id);
      seen.add((await stateOf()).id);
      expect((await stateOf()).refused).toBeUndefined();

      const taken = await stateOf();
      await publish(
        note === 1 ? 'type Query { broken' : note === 2 ? 'type Query { a: Int }' : renamed('zone'),
      );
      await expect
        .poll(async () => (await stateOf()).refused?.reason, { timeout: 60_000 })
        .toBeTypeOf('string');
      expect((await stateOf()).id).toBe(taken.id);
    }
    await requests.stop();
    expect(seen.size).toBe(4);
    expect(requests.sent()).toBeGreaterThan(20);
    expect(requests.failures).toEqual([]);

    // The last one was a good supergraph that does not answer what clients are known to send.
    expect((await stateOf()).refused?.reason).toMatch(
      /does not answer operations that clients send: internal \w+/,
    );
    const refusals = gateway.lines.filter(({ event }) => event === 'supergraph-refused');
    expect(refusals).toHaveLength(3);
    expect(refusals.map(({ inUse }) => inUse)).not.toContain(first.id);
    const progress = gateway.lines.filter(({ event }) => event === 'operations-prepared');
    expect(progress.at(-1)).toMatchObject({ done: progress.at(-1)?.['total'] });
  },
);

it(
  'a request that is under way ends on the supergraph that it began with',
  { timeout: 180_000 },
  async () => {
    await publish(noted(10));
    await expect.poll(async () => (await stateOf()).refused, { timeout: 60_000 }).toBeUndefined();
    const { orders } = gateway.services;
    const hold = orders.hold();
    const asked = gateway.ask(gateway.tokens.internal, '{ accounts { nodes { id countryCode } } }');
    await hold.reached;
    const before = await stateOf();
    await publish(noted(11));
    await expect.poll(async () => (await stateOf()).id, { timeout: 60_000 }).not.toBe(before.id);
    hold.release();
    expect((await asked).data).toEqual({
      accounts: { nodes: [expect.objectContaining({ countryCode: 'DE' }), expect.anything()] },
    });
  },
);

it(
  'a field that a new supergraph adds can be asked for as soon as it is taken',
  { timeout: 60_000 },
  async () => {
    const query = '{ accounts { nodes { id nickname } } }';
    expect((await gateway.ask(gateway.tokens.internal, query)).status).toBe(400);
    const before = await stateOf();
    await publish(withNickname(committed));
    await expect.poll(async () => (await stateOf()).id, { timeout: 60_000 }).not.toBe(before.id);
    const answer = await gateway.ask(gateway.tokens.internal, query);
    // The stand-in of orders does not know the field, and says so: the plan asked it.
    expect(gateway.services.orders.asked.at(-1)?.query).toContain('nickname');
    expect(answer.status).toBe(200);
  },
);

/** The supergraph with one more field of accounts, which orders answers. */
function withNickname(sdl: string): string {
  const field = /^ {2}segment:.*join__field.*$/m.exec(sdl)?.[0];
  if (field === undefined) throw new Error('Account.segment is not in the supergraph');
  return sdl.replace(field, `${field}\n${field.replace('segment', 'nickname')}`);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AUDIENCES, type Audience } from '@fulfillment/schema/audience';
import { dataDirectoryFor } from '@fulfillment/local/postgres/machine-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEnvironment } from './environment.js';
import { freePorts, listen, LocalRun, processesOf, survivors } from './local-run.js';

// The main job as a person does it: the built command, on a data folder and ports of its own. Each test goes on where
// the one before stopped.
const patience = 120_000;
const runs: LocalRun[] = [];
let dataFolder: string;
let ports: number[];
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'start '));
  ports = await freePorts(11);
  environment = runEnvironment(dataFolder, ports);
});

afterAll(async () => {
  for (const run of runs) run.signal('SIGINT');
  await Promise.all(runs.map(({ ended }) => ended));
  // For root the server's data lies elsewhere.
  await rm(path.dirname(await dataDirectoryFor(dataFolder)), { recursive: true, force: true });
  await rm(dataFolder, { recursive: true, force: true });
}, patience);

function start(...args: string[]): LocalRun {
  const run = new LocalRun('main.js', args, environment);
  runs.push(run);
  return run;
}

/** What the welcome says to paste, by kind of client. */
function pasted(text: string, audience: Audience): { url: string; token: string; body: string } {
  const variable = `${audience.toUpperCase()}_TOKEN`;
  const token = new RegExp(`^${variable}=(\\S+)$`, 'm').exec(text)?.[1];
  const [, url, quoted] =
    new RegExp(`^curl -s (\\S+) -H "authorization: Bearer \\$${variable}" .* -d '(.*)'$`, 'm').exec(text) ??
    [];
  if (token === undefined || url === undefined || quoted === undefined) {
    throw new Error(`No token and query for ${audience} in:\n${text}`);
  }
  return { url, token, body: quoted.replaceAll("'\\''", "'") };
}

async function post(url: string, token: string, body: string): Promise<{ data?: object; errors?: object[] }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return (await response.json()) as { data?: object; errors?: object[] };
}

/** Sends the three printed queries and gives their data. */
async function answersTo(text: string): Promise<object[]> {
  const answers = AUDIENCES.map(async (audience) => {
    const { url, token, body } = pasted(text, audience);
    const { data, errors } = await post(url, token, body);
    expect(errors, `of ${audience}`).toBeUndefined();
    expect(Object.values(data ?? {}), `for ${audience}`).not.toContain(null);
    return data ?? {};
  });
  return Promise.all(answers);
}

describe('npm start', () => {
  let firstAnswers: object[];
  let welcome: string;

  it('refuses a port that is taken, in words', { timeout: patience }, async () => {
    const taken = await listen(ports[1]);
    const { code, text } = await start().ended;
    await taken.close();
    expect(code).toBe(1);
    expect(text).toMatch(`Port ${ports[1]} (ORDERS_PORT) is taken by another program.`);
    expect(text).not.toMatch(/\n {4}at /);
  });

  it(
    'prints the address, three tokens and a query for each, which answer',
    { timeout: patience },
    async () => {
      welcome = await start('--accounts', '100').untilReady();
      expect(welcome).toMatch(/✓ demo data: 100 accounts\s/);
      expect(welcome).toContain(`Graph: http://localhost:${ports[0]}/graphql`);
      firstAnswers = await answersTo(welcome);
      expect(new Set(AUDIENCES.map((audience) => pasted(welcome, audience).token)).size).toBe(3);
    },
  );

  it('has metrics of every process at a port of its own', async () => {
    const texts = ports
      .slice(6)
      .map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    const services = (await Promise.all(texts)).map((text) => /service="(\w+)"/.exec(text)?.[1]);
    expect(services).toEqual(['gateway', 'orders', 'subscriptions', 'licenses', 'partners']);
  });

  it.each(AUDIENCES)(
    'has the token command print one for %s, and nothing else',
    { timeout: patience },
    async (audience) => {
      const { code, text } = await new LocalRun('token.js', [audience], environment).ended;
      expect(code).toBe(0);
      expect(text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      const { url, body } = pasted(welcome, audience);
      expect(await post(url, text.trim(), body)).not.toHaveProperty('errors');
    },
  );

  it('ends with every process at Ctrl-C', { timeout: patience }, async () => {
    const run = lastRun();
    const pids = await processesOf(run, dataFolder);
    expect(pids).toHaveLength(7);
    run.signal('SIGINT');
    expect((await run.ended).code).toBe(0);
    expect(await survivors(pids, 1_000)).toEqual([]);
  });

  it('starts again on the same data and loads nothing twice', { timeout: patience }, async () => {
    const text = await start().untilReady();
    expect(text).toMatch('✓ demo data: 100 accounts, loaded before');
    expect(await answersTo(text)).toEqual(firstAnswers);
  });

  it('starts after kill -9 of everything', { timeout: patience }, async () => {
    const killed = await processesOf(lastRun(), dataFolder);
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    expect(await survivors(killed, 5_000)).toEqual([]);
    const text = await start('--accounts', '100').untilReady();
    expect(text).toMatch('✓ demo data: 100 accounts, loaded before');
    expect(await answersTo(text)).toEqual(firstAnswers);
  });

  it(
    'begins afresh with --reset, in place of the start that runs; tokens stay good',
    { timeout: patience },
    async () => {
      const before = lastRun();
      const text = await start('--reset', '--accounts', '101').untilReady();
      expect((await before.ended).code).toBe(0);
      expect(text).toMatch(/✓ demo data: 101 accounts\s/);
      await answersTo(text);
      const { url, token, body } = pasted(text, 'internal');
      expect(pasted(welcome, 'internal').token).not.toBe(token);
      expect(await post(url, pasted(welcome, 'internal').token, body)).not.toHaveProperty('errors');
    },
  );
});

function lastRun(): LocalRun {
  const run = runs.at(-1);
  if (run === undefined) throw new Error('Nothing has been started.');
  return run;
}

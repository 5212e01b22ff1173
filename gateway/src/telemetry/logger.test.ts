import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createLineLogger, createLogger, gatherLines } from './logger.js';

const folder = await mkdtemp(path.join(tmpdir(), 'gateway-log-'));
afterAll(() => rm(folder, { recursive: true }));

test.each(['error', 'fatal'] as const)(
  'a line at the level %s is written at once, with those before it',
  async (level) => {
    const file = path.join(folder, level);
    const lines = gatherLines(file);
    await new Promise((opened) => lines.once('ready', opened));
    const logger = createLogger('info', lines);
    const messages = async () =>
      (await readFile(file, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { msg: string }).msg);
    createLineLogger(logger).info('request');
    logger.warn('something is odd');
    expect(await messages()).toEqual([]);
    createLineLogger(logger)[level]({ err: new Error('broken') }, 'something is wrong');
    expect(await messages()).toEqual(['request', 'something is odd', 'something is wrong']);
    lines.end();
  },
);

test('other lines are written soon', async () => {
  const file = path.join(folder, 'info');
  const lines = gatherLines(file);
  createLogger('info', lines).info('request');
  await expect.poll(() => readFile(file, 'utf8')).toContain('request');
  lines.end();
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDemoFile } from './demo-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explorer-demo-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('tokens alone are enough', async () => {
  const content = { tokens: { product: 'a', internal: 'b', partner: 'c' } };
  const path = join(folder, 'tokens.json');
  await writeFile(path, JSON.stringify(content));
  await expect(readDemoFile(path)).resolves.toEqual({ ok: true, content });
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"tokens":{"product":"secret-1"'],
  ['a wrong type', '{"tokens":{"product":"secret-1","internal":["secret-2"],"partner":"secret-3"}}'],
  [
    'a wrong id',
    '{"tokens":{"product":"secret-1","internal":"b","partner":"c"},"demo":{"product":"secret-2"}}',
  ],
])('what holds %s is told of without its content', async (_case, text) => {
  const path = join(folder, 'wrong.json');
  await writeFile(path, text);
  const reading = await readDemoFile(path);
  expect(reading).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^The file at EXPLORER_TOKENS_FILE/),
  });
  expect(JSON.stringify(reading)).not.toContain('secret');
});

test('a file that is not there is told of', async () => {
  await expect(readDemoFile(join(folder, 'none.json'))).resolves.toMatchObject({
    ok: false,
    problem: expect.stringContaining('cannot be read'),
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signLicenseFile } from '../src/sign.js';
import { contentOf, newSigner } from './license-file.js';

const { signer, published } = newSigner('2024-a');
let folder: string;
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'license file '));
  const text = await signLicenseFile(contentOf({ instanceId: 'instance-1' }), signer);
  await writeFile(file('license.txt'), text);
  await writeFile(file('altered.txt'), text.replace(/A/, 'B'));
  await writeFile(file('keys.json'), JSON.stringify({ keys: [published, { kty: 'RSA' }] }));
  await writeFile(file('no-keys.json'), '<html>');
  await writeFile(file('secret.json'), '"d": "a private half"');
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command as a process; its files lie in the folder, the command itself anywhere. */
function run(...args: string[]): Promise<{ code: number; printed: string; said: string }> {
  const entry = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const tsx = import.meta.resolve('tsx');
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', tsx, entry, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, printed: stdout, said: stderr }),
    );
  });
}

const verify = (name: string, ...more: string[]) =>
  run('verify', file(name), '--keys', file('keys.json'), '--at', '2024-06-01T00:00:00Z', ...more);

test('says that a file is valid, and what it is for', async () => {
  const { code, printed } = await verify('license.txt', '--instance', 'instance-1');
  expect(printed).toMatch(/^VALID\n.*PREMIUM, 25 seats\n.*SELF_MANAGED_INSTANCE build\.example\.com\n/s);
  expect(code).toBe(0);
});

test('says why a file is not valid', async () => {
  const wrong = await verify('license.txt', '--instance', 'instance-2');
  expect(wrong.printed).toMatch(/^NOT VALID\n {2}WRONG_INSTANCE: .*instance-1.*instance-2/);
  expect(wrong.code).toBe(1);
  const altered = await verify('altered.txt', '--json');
  expect(JSON.parse(altered.printed)).toMatchObject({ valid: false, content: null });
  expect(altered.code).toBe(1);
});

test.each([
  ['no command', [], /Say what to check/],
  ['no keys', ['verify', 'license.txt'], /--keys is missing/],
  ['an option that there is not', ['verify', 'license.txt', '--key', 'x'], /Unknown option '--key'/],
])('says how it is called: %s', async (_, args, message) => {
  const { code, said } = await run(...args);
  expect(said).toMatch(message);
  expect(code).toBe(2);
});

test('says what cannot be read, and shows nothing of a private key', async () => {
  const none = await run('verify', file('license.txt'), '--keys', file('no-keys.json'));
  expect(none).toMatchObject({
    code: 2,
    said: expect.stringMatching(/no-keys\.json is no JSON Web Key Set/),
  });
  const secret = await verify('license.txt', '--instance-key', file('secret.json'));
  expect(secret).toMatchObject({ code: 2, said: expect.not.stringContaining('private half') });
  expect((await verify('missing.txt')).code).toBe(2);
  expect((await run('--help')).printed).toMatch(/^Checks a license file/);
});

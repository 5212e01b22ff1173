import { readFile } from 'node:fs/promises';
import type { JWK } from 'jose';
import { readArguments, usage, type VerifyCommand } from './arguments.js';
import { readKeySet } from './key-set.js';
import { report } from './report.js';
import { verifyLicenseFile } from './verify.js';

/** A license file is some kilobytes; nothing larger is read as one. */
const largestFile = 1_000_000;

try {
  const command = readArguments(process.argv.slice(2), new Date());
  if (command === null) process.stdout.write(usage);
  else process.exitCode = await run(command);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function run({ file, keys, instance, instanceKey, at, json }: VerifyCommand): Promise<number> {
  const published = readKeySet(await readText(keys));
  if (published === undefined) throw new Error(`${keys} is no JSON Web Key Set.`);
  const verdict = await verifyLicenseFile(await readText(file), {
    keys: published,
    at,
    ...(instance === undefined ? {} : { instance }),
    ...(instanceKey === undefined ? {} : { instanceKey: await readPrivateKey(instanceKey) }),
  });
  process.stdout.write(json ? `${JSON.stringify(verdict, null, 2)}\n` : report(verdict));
  return verdict.valid ? 0 : 1;
}

/** What is wrong with a private key is told without a word of it. */
async function readPrivateKey(file: string): Promise<JWK> {
  const text = await readText(file);
  try {
    return JSON.parse(text) as JWK;
  } catch {
    throw new Error(`${file} is no JSON Web Key.`);
  }
}

async function readText(source: string): Promise<string> {
  const text = /^https?:/.test(source) ? await fetchText(source) : await readFile(source, 'utf8');
  if (text.length > largestFile) throw new Error(`${source} is too large to be what it should be.`);
  return text;
}

async function fetchText(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
  return response.text();
}

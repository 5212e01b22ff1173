import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { requiresBrowser } from './environment.js';

const executablePath = '/usr/bin/chromium';

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Whether tests in a browser can run here. Where they cannot, says so loudly.
 * @throws where a browser is required and missing
 */
export async function hasBrowser(): Promise<boolean> {
  const found = await access(executablePath, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (found) return true;
  const message = `there is no browser at ${executablePath} (Debian: apt-get install chromium)`;
  if (requiresBrowser()) throw new Error(`REQUIRE_BROWSER=1, but ${message}`);
  console.warn(`\n!!! THE EXPLORER WAS NOT TESTED IN A BROWSER: ${message}\n`);
  return false;
}

/** A page in a browser of its own. */
export interface BrowserPage {
  readonly page: Page;
  /** Every address that the page asked for. */
  readonly addresses: readonly string[];
  /** What the browser complained of: errors of scripts, and what the page's security policy refused. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function openBrowser(): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), 'explorer-browser-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: flags,
    viewport: { width: 1280, height: 900 },
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  const addresses: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return {
    page,
    addresses,
    complaints,
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

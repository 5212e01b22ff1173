import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser, type BrowserPage } from './browser.js';
import { startExplorerSystem } from './explorer-system.js';

type System = Awaited<ReturnType<typeof startExplorerSystem>>;

const patienceMs = 60_000;
const canRun = await hasBrowser();

let system: System;
let browser: BrowserPage;
let page: Page;

function eachWith(demo: boolean): void {
  beforeAll(async () => {
    system = await startExplorerSystem({ demo });
  }, patienceMs);
  afterAll(() => system.close());
  beforeEach(async () => {
    browser = await openBrowser();
    page = browser.page;
    page.setDefaultTimeout(patienceMs / 2);
    await page.goto(system.url);
  }, patienceMs);
  afterEach(() => browser.close());
}

const operation = (name: string) => page.locator(`[data-operation=${name}]`);
const run = () => page.getByRole('button', { name: /Execute query/ }).click();
const service = (name: string) => page.locator(`li[data-service=${name}]`);
const choose = (audience: string) => page.getByRole('radio', { name: audience }).check();
const editorText = (editor: 'query' | 'variable') =>
  page
    .locator(`.graphiql-${editor === 'query' ? 'query-editor' : 'editor-tool'} .CodeMirror-code`)
    .first()
    .innerText();
const patience = { timeout: patienceMs / 2 };
const untilResult = (text: string) => page.locator('.result-window', { hasText: text }).waitFor();

/** The types of the schema that GraphiQL asks for while `act` is done. */
async function introspectedTypes(act: () => Promise<unknown>): Promise<string[]> {
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.request().postData()?.includes('__schema') ?? false),
    act(),
  ]);
  const { data } = (await response.json()) as { data: { __schema: { types: { name: string }[] } } };
  return data.__schema.types.map(({ name }) => name);
}

describe.skipIf(!canRun)('with the demo', { timeout: patienceMs }, () => {
  eachWith(true);

  test('a click loads Entitlements with the demo deployment, another runs it', async () => {
    await operation('Entitlements').click();
    await expect.poll(() => editorText('variable'), patience).toContain('"acme"');
    await run();
    await untilResult('"planCode": "PREMIUM"');

    expect(browser.complaints).toEqual([]);
    const { origin } = new URL(system.url);
    for (const address of browser.addresses.filter((address) => !address.startsWith('data:'))) {
      expect(new URL(address).origin).toBe(origin);
      for (const token of Object.values(system.tokens)) expect(address).not.toContain(token);
    }
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(
      system.tokens.product,
    );
  });

  test('each audience has its own operations and its own schema', async () => {
    const product = await introspectedTypes(() => page.reload());
    expect(product).not.toContain('Commission');
    const partner = await introspectedTypes(() => choose('Partner'));
    await expect.poll(() => editorText('query'), patience).toContain('PartnerMyCustomers');
    expect(partner).toContain('Commission');
    expect(partner).not.toContain('LegalEntity');

    const internal = await introspectedTypes(() => choose('Internal'));
    await operation('AccountOverview').waitFor();
    expect(internal).toContain('LegalEntity');
    expect(await operation('Entitlements').count()).toBe(0);
    expect(browser.complaints).toEqual([]);
  });

  test('another operation leaves what the person wrote in its tab, and each order has a key of its own', async () => {
    await operation('PlaceOrder').click();
    await expect.poll(() => editorText('query'), patience).toContain('placeOrder');
    await expect.poll(() => editorText('variable'), patience).toContain('idempotencyKey');
    const first = await editorText('variable');
    await operation('PlaceOrder').click();
    await expect.poll(() => editorText('variable'), patience).not.toBe(first);
    expect(await page.getByRole('tab').count()).toBeLessThanOrEqual(1);

    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# mine');
    await operation('Order').click();
    await expect.poll(() => page.getByRole('tab').count(), patience).toBe(2);
    await page.getByRole('tab').first().click();
    await expect.poll(() => editorText('query'), patience).toContain('# mine');
  });

  test('a service that goes down is told of in words, and its fields alone are missing', async () => {
    await expect.poll(() => service('licenses').innerText(), patience).toMatch(/up · [\d.]+ ms/);
    await system.services.licenses.stop();
    await expect.poll(() => service('licenses').innerText(), patience).toMatch(/down/);
    expect(await service('orders').innerText()).toMatch(/up · [\d.]+ ms/);
    await expect
      .poll(() => page.getByRole('status').first().textContent(), patience)
      .toBe('licenses is down');
    await operation('Entitlements').click();
    await run();
    await untilResult('"service": "licenses"');
    await untilResult('"name": "Acme"');
  });
});

describe.skipIf(!canRun)('without the demo', { timeout: patienceMs }, () => {
  eachWith(false);

  const paste = (token: string) => page.getByLabel('Token').fill(token);
  const problem = () => page.getByRole('alert').textContent();

  test('a pasted token brings the operations, and stays until the tab closes', async () => {
    await page.getByText('npm run -s token -- product').waitFor();
    expect(await page.getByRole('navigation').getByRole('button').count()).toBe(0);

    await paste(`Bearer ${system.tokens.product}`);
    await operation('Entitlements').waitFor();
    await expect.poll(() => editorText('query'), patience).toContain('ProductEntitlements');
    await page.reload();
    await operation('Entitlements').waitFor();
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);

    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => operation('Entitlements').count(), patience).toBe(0);
    expect(browser.complaints).toEqual([]);
  });

  test('a token that does not fit is told of in words', async () => {
    await paste(system.tokens.partner);
    await expect
      .poll(problem, patience)
      .toBe('This is a token of the audience partner: choose that one above.');
    await paste('not a token');
    await expect.poll(problem, patience).toMatch(/not a signed JSON Web Token|must read "Bearer <token>"/);
    expect(await page.locator('.graphiql-container').count()).toBe(0);
  });
});

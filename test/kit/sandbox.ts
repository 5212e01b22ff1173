import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { TestSystem } from './system.js';

/** Somebody of the company who sells and keeps the books of a sandbox. */
export const sandboxKeeper = {
  audience: 'internal',
  subject: 'finance',
  scopes: [
    'accounts:read',
    'billing:read',
    'billing:write',
    'ledger:read',
    'orders:place',
    'orders:read',
    'quotes:write',
    'sandbox:read',
    'sandbox:write',
  ],
} as const;

export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field: string[];
}

/** What an order comes to: its id and how it stands, or what is wrong with it. */
export interface SandboxOrder {
  readonly id: string | null;
  readonly userErrors: readonly UserError[];
}

type Variables = Record<string, unknown>;
type Order = Variables & { readonly actions: readonly Variables[] };

interface Document {
  readonly id: string;
  readonly issuedOn: string;
  readonly total: { readonly amount: string };
  readonly lines: readonly {
    readonly kind: string;
    readonly productCode: string;
    readonly quantity: number;
    readonly serviceStart: string;
    readonly serviceEnd: string;
    readonly amount: { readonly amount: string };
  }[];
}

const documentFields = `nodes { id issuedOn total { amount }
  lines { kind productCode quantity serviceStart serviceEnd amount { amount } } }`;

/** A sandbox account that lives on a test clock, through the graph alone. */
export class Sandbox {
  constructor(
    readonly system: Pick<TestSystem, 'graphql'>,
    readonly accountId: string,
  ) {}

  /** Asks the gateway as `sandboxKeeper`; an error fails the test. */
  async ask<Data>(document: string, variables: Variables = {}): Promise<Data> {
    const { data, errors } = await this.system.graphql<Data>(sandboxKeeper, document, variables);
    assert.deepEqual(errors, []);
    if (data === null || data === undefined) throw new Error('There is no data');
    return data;
  }

  /** Calls a mutation with a key of its own. */
  async mutate<Payload>(
    mutation: string,
    input: Variables,
    selection: string,
  ): Promise<Payload & { readonly userErrors: readonly UserError[] }> {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const answer = await this.ask<Record<string, Payload & { userErrors: UserError[] }>>(
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} userErrors { code message field } } }`,
      { input: { idempotencyKey: randomUUID(), ...input } },
    );
    const payload = answer[mutation];
    if (payload === undefined) throw new Error(`${mutation} gave nothing`);
    return payload;
  }

  /** Moves the clock, and waits until all that is due on the way is done. */
  async advance(to: string): Promise<void> {
    const input = { accountId: this.accountId, to };
    const { userErrors } = await this.mutate('advanceTestClock', input, 'testClock { target }');
    assert.deepEqual(userErrors, []);
    const there = { now: new Date(to).toISOString(), settled: true };
    await until(async () => assert.deepEqual(await this.#clock(), there));
    // Orders follows by event: it judges by the account's new day once it has come.
    const probe = { actions: [this.#create('probe', {})] };
    await until(async () => assert.equal((await this.preview(probe)).effectiveDate, to.slice(0, 10)));
  }

  /** What an order comes to: its day and total, or what is wrong with it. */
  async preview(order: Order): Promise<{
    readonly effectiveDate: string | null;
    readonly total: { readonly amount: string } | null;
    readonly userErrors: readonly UserError[];
  }> {
    const { previewOrder } = await this.ask<{ previewOrder: Awaited<ReturnType<Sandbox['preview']>> }>(
      `query ($input: PreviewOrderInput!) { previewOrder(input: $input) {
         effectiveDate total { amount } userErrors { code message field } } }`,
      { input: { accountId: this.accountId, ...order } },
    );
    return previewOrder;
  }

  /** Places an order as it is. */
  async place(order: Order): Promise<SandboxOrder> {
    const input = { accountId: this.accountId, ...order };
    const placed = await this.mutate<{ order: { id: string } | null }>('placeOrder', input, 'order { id }');
    return { id: placed.order?.id ?? null, userErrors: placed.userErrors };
  }

  /** Places an order at the total that its preview shows, and waits until it is fulfilled. Gives its id and that total. */
  async fulfill(order: Order): Promise<{ readonly id: string; readonly total: string }> {
    const { total, userErrors } = await this.preview(order);
    assert.deepEqual(userErrors, []);
    const placed = await this.place({ ...order, expectedTotal: total?.amount });
    assert.deepEqual(placed.userErrors, []);
    const id = placed.id ?? '';
    const fulfilled = { status: 'FULFILLED', refusalReason: null };
    await until(async () => assert.deepEqual(await this.order(id), fulfilled));
    return { id, total: total?.amount ?? '' };
  }

  /** How an order stands. */
  async order(id: string): Promise<{ readonly status: string; readonly refusalReason: string | null }> {
    const { order } = await this.ask<{ order: { status: string; refusalReason: string | null } }>(
      'query ($id: ID!) { order(id: $id) { status refusalReason } }',
      { id },
    );
    return order;
  }

  /** Subscribes a new deployment to ten seats of Premium, or to what is given. Gives the subscription's id. */
  async subscribe(name: string, input: Variables = {}): Promise<string> {
    const { id } = await this.fulfill({ actions: [this.#create(name, input)] });
    const { order } = await this.ask<{ order: { actions: { subscription: { id: string } }[] } }>(
      'query ($id: ID!) { order(id: $id) { actions { subscription { id } } } }',
      { id },
    );
    return order.actions[0]?.subscription.id ?? '';
  }

  /** All documents, the newest first, with their lines as `CHARGE PREMIUM 10 2028-01-15..2028-02-15 290.00`. */
  async documents(): Promise<(Document & { readonly told: string[] })[]> {
    const { account } = await this.ask<{
      account: { invoices: { nodes: Document[] }; creditMemos: { nodes: Document[] } };
    }>(
      `query ($id: ID!) { account(id: $id) {
         invoices(first: 50) { ${documentFields} } creditMemos(first: 50) { ${documentFields} } } }`,
      { id: this.accountId },
    );
    return [...account.invoices.nodes, ...account.creditMemos.nodes]
      .map((document) => ({ ...document, told: document.lines.map(tell) }))
      .toSorted((left, right) => right.issuedOn.localeCompare(left.issuedOn));
  }

  /** Collects everything that is due. */
  async payAll(): Promise<void> {
    const { account } = await this.ask<{
      account: { invoices: { nodes: { id: string; amountDue: { amount: string } }[] } };
    }>(
      'query ($id: ID!) { account(id: $id) { invoices(first: 50) { nodes { id amountDue { amount } } } } }',
      { id: this.accountId },
    );
    for (const { id } of account.invoices.nodes.filter(({ amountDue }) => amountDue.amount !== '0.00')) {
      const input = { invoiceId: id, paymentMethodToken: 'pm_simulated_success' };
      const paid = await this.mutate<object>('collectInvoice', input, 'attempt { status }');
      assert.deepEqual(paid, { attempt: { status: 'SUCCEEDED' }, userErrors: [] });
    }
  }

  async #clock(): Promise<object | null> {
    const { testClock } = await this.ask<{ testClock: object | null }>(
      'query ($id: ID!) { testClock(accountId: $id) { now settled } }',
      { id: this.accountId },
    );
    return testClock;
  }

  #create(name: string, input: Variables): Variables {
    const deployment = { kind: 'SAAS_NAMESPACE', externalId: `${name}-${this.accountId}` };
    return { createSubscription: { deployment, planCode: 'PREMIUM', quantity: 10, ...input } };
  }
}

/**
 * Opens a sandbox account in the Netherlands that pays in USD.
 * @param at the instant to which its clock is moved at once
 * @param options.paymentTermsDays 14 when left out
 */
export async function openSandbox(
  system: Pick<TestSystem, 'graphql'>,
  at: string,
  { paymentTermsDays = 14 }: { readonly paymentTermsDays?: number } = {},
): Promise<Sandbox> {
  const input = {
    name: 'Sandbox',
    countryCode: 'NL',
    billingTimeZone: 'Europe/Amsterdam',
    currency: 'USD',
    paymentTermsDays,
  };
  const opened = await new Sandbox(system, '').mutate<{ account: { id: string } }>(
    'openSandboxAccount',
    input,
    'account { id }',
  );
  const { id } = opened.account;
  const sandbox = new Sandbox(system, id);
  const clock = 'query ($id: ID!) { testClock(accountId: $id) { now } }';
  await until(async () => assert.notDeepEqual(await sandbox.ask(clock, { id }), { testClock: null }));
  await sandbox.advance(at);
  return sandbox;
}

/** Waits until a check holds; a minute is more than a year of a test clock takes on a busy machine. */
function until(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 60_000, interval: 50 });
}

function tell({ kind, productCode, quantity, serviceStart, serviceEnd, amount }: Document['lines'][number]) {
  return `${kind} ${productCode} ${quantity} ${serviceStart}..${serviceEnd} ${amount.amount}`;
}

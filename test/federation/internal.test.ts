import { addDays } from '@fulfillment/kernel/domain/calendar';
import { populationBatches } from '@fulfillment/kernel/population/population';
import { describe, expect, it } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import { seededDay, startSeededSystem } from '../kit/seeded-system.js';

const accounts = 150;
const system = await startSeededSystem(accounts, { periodic: false });
const token = { audience: 'internal' } as const;
const stories = [...populationBatches({ accounts, today: seededDay })].flatMap((batch) => batch.accounts);

interface Page {
  totalCount: number;
  nodes: { id: string; [field: string]: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Every row of a list, page by page, with the pages' claims checked on the way. */
async function allRows(read: (after: string | null) => Promise<Page>): Promise<Page['nodes']> {
  const rows: Page['nodes'] = [];
  let after: string | null = null;
  for (;;) {
    const page = await read(after);
    rows.push(...page.nodes);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) {
      expect(rows).toHaveLength(page.totalCount);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      return rows;
    }
  }
}

describe('an account on one page', () => {
  it('shows what every service knows of it', async () => {
    const { data, errors } = await system.graphql<{ account: Record<string, unknown> }>(
      token,
      clientOperation('internal/AccountOverview'),
      { accountId: system.demo.product.accountId },
    );
    expect(errors).toEqual([]);
    expect(data?.account).toMatchObject({
      name: system.demo.product.accountName,
      contacts: [{ role: expect.any(String) }, { role: expect.any(String) }],
      orders: { nodes: expect.arrayContaining([expect.objectContaining({ status: 'FULFILLED' })]) },
      subscriptions: {
        nodes: expect.arrayContaining([
          expect.objectContaining({
            status: 'ACTIVE',
            history: expect.arrayContaining([expect.objectContaining({ version: 1, cause: 'ORDER' })]),
            licenses: expect.arrayContaining([expect.objectContaining({ cause: 'SUBSCRIPTION_CREATED' })]),
            partnerOfRecord: expect.objectContaining({ name: system.demo.partner.partnerName }),
          }),
        ]),
      },
      deployments: expect.arrayContaining([
        expect.objectContaining({ externalId: system.demo.product.deployment.externalId }),
      ]),
      partners: expect.arrayContaining([expect.objectContaining({ name: system.demo.partner.partnerName })]),
    });
  });

  it('shows its invoices with their lines when it pays itself', async () => {
    const payer = stories.find(({ deployments }) =>
      deployments.some(({ subscription }) => subscription?.scenario === 'ACTIVE' && !subscription.seller),
    );
    const { data, errors } = await system.graphql<{
      account: {
        invoices: {
          nodes: { total: { amount: string }; lines: { amount: { amount: string } }[]; order: unknown }[];
        };
      };
    }>(token, clientOperation('internal/AccountOverview'), { accountId: payer?.id });
    expect(errors).toEqual([]);
    const invoices = data?.account.invoices.nodes ?? [];
    expect(invoices.length).toBeGreaterThan(0);
    for (const { total, lines } of invoices) {
      expect(lines.length).toBeGreaterThan(0);
      const cents = lines.map(({ amount }) => BigInt(amount.amount.replace('.', '')));
      expect(cents.reduce((sum, one) => sum + one, 0n)).toBe(BigInt(total.amount.replace('.', '')));
    }
    expect(invoices.some(({ order }) => order !== null)).toBe(true);
  });

  it('leaves out what the scopes do not cover, and says so', async () => {
    const scopes = ['accounts:read', 'orders:read'];
    const { data, errors } = await system.graphql<{ account: Record<string, unknown> }>(
      { ...token, scopes },
      'query ($id: ID!) { account(id: $id) { name contacts { name } balance { amount } } }',
      { id: system.demo.product.accountId },
    );
    expect(data?.account).toEqual({ name: system.demo.product.accountName, contacts: null, balance: null });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['account', 'contacts'], 'UNAUTHORIZED_FIELD_OR_TYPE'],
      [['account', 'balance'], 'UNAUTHORIZED_FIELD_OR_TYPE'],
    ]);
  });
});

describe('a list', () => {
  const list = (field: string, selection: string, more = '') =>
    allRows(async (after) => {
      const { data, errors } = await system.graphql<{ list: Page }>(
        token,
        `query ($after: String) {
           list: ${field}(first: 40, after: $after${more}) {
             totalCount nodes { id ${selection} } pageInfo { hasNextPage endCursor }
           }
         }`,
        { after },
      );
      expect(errors).toEqual([]);
      if (!data) throw new Error('no data');
      return data.list;
    });

  it('of accounts is sorted and filtered', async () => {
    const all = await list('accounts', 'name countryCode');
    expect(all.length).toBeGreaterThanOrEqual(150);
    const names = all.map(({ name }) => name as string);
    expect(names).toEqual([...names].sort());
    const german = await list(
      'accounts',
      'countryCode',
      ', filter: { countryCode: "DE" }, sort: CREATED_AT_DESC',
    );
    expect(german.length).toBe(all.filter(({ countryCode }) => countryCode === 'DE').length);
    expect(german.length).toBeGreaterThan(0);
  });

  it('of orders is sorted and filtered, with each order’s account', async () => {
    const all = await list('orders', 'placedAt status account { name }');
    const placed = all.map(({ placedAt }) => placedAt as string);
    expect(placed).toEqual([...placed].sort().toReversed());
    expect(all.every(({ account }) => account !== null)).toBe(true);
    expect(await list('orders', '', ', filter: { status: PLACED }')).toEqual([]);
  });

  it('of renewals has the next 90 days, the next to end first', async () => {
    const due = await list('subscriptionsDueForRenewal', 'currentTerm { endDate } account { name }');
    const ends = due.map(({ currentTerm }) => (currentTerm as { endDate: string }).endDate);
    expect(due.length).toBeGreaterThan(0);
    expect(ends).toEqual([...ends].sort());
    const in90Days = addDays(seededDay, 90);
    expect(ends.every((end) => seededDay <= end && end <= in90Days)).toBe(true);
  });

  it('of renewals is filtered and sorted as asked', async () => {
    const window = `endsFrom: "${seededDay}"`;
    const all = await list(
      'subscriptionsDueForRenewal',
      'quantity renewal { automatic }',
      `, filter: { ${window} }, sort: QUANTITY_DESC`,
    );
    const seats = all.map(({ quantity }) => quantity as number);
    expect(seats).toEqual(seats.toSorted((left, right) => right - left));

    const isAutomatic = ({ renewal }: Page['nodes'][number]) =>
      (renewal as { automatic: boolean } | null)?.automatic === true;
    for (const automatic of [true, false]) {
      const some = await list(
        'subscriptionsDueForRenewal',
        'currentTerm { endDate } renewal { automatic }',
        `, filter: { ${window}, automatic: ${automatic} }, sort: TERM_END_DESC`,
      );
      expect(some.length).toBeGreaterThan(0);
      expect(some.every((node) => isAutomatic(node) === automatic)).toBe(true);
      expect(some).toHaveLength(all.filter((node) => isAutomatic(node) === automatic).length);
      const ends = some.map(({ currentTerm }) => (currentTerm as { endDate: string }).endDate);
      expect(ends).toEqual([...ends].sort().toReversed());
    }

    const { partnerId } = system.demo.partner;
    const sold = await list(
      'subscriptionsDueForRenewal',
      'partnerOfRecord { id }',
      `, filter: { ${window}, partnerId: "${partnerId}" }`,
    );
    expect(sold.length).toBeGreaterThan(0);
    for (const { partnerOfRecord } of sold) expect(partnerOfRecord).toEqual({ id: partnerId });
  });
});

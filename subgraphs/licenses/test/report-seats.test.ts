import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import {
  changed,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  newSubscription,
  now,
} from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });
beforeAll(() => deliverProducts(service));

const machine = internalViewer({ scopes: ['seats:write', 'licenses:read'] });

const reportDocument = /* GraphQL */ `
  mutation Report($input: ReportSeatsInput!) {
    reportSeats(input: $input) {
      outcomes {
        deployment {
          id
        }
        seats {
          purchased
          used
          maximum
          overage
          reportedAt
        }
        userErrors {
          code
          field
        }
      }
      userErrors {
        code
        field
      }
    }
  }
`;

interface Outcome {
  readonly deployment: { readonly id: string } | null;
  readonly seats: Record<string, unknown> | null;
  readonly userErrors: readonly object[];
}

interface Reported {
  readonly reportSeats: { readonly outcomes: readonly Outcome[]; readonly userErrors: readonly object[] };
}

async function newCustomer() {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  const { kind: deploymentKind, externalId, id } = subscription.deployment;
  return { subscription, id, reference: { deploymentKind, externalId } };
}

async function report(reports: readonly object[], viewer: Viewer = machine, idempotencyKey = randomUUID()) {
  const answer = await service.query<Reported>(viewer, reportDocument, {
    input: { idempotencyKey, reports },
  });
  return { ...answer.data?.reportSeats, errors: answer.errors, requestId: answer.requestId };
}

describe('reportSeats', () => {
  it('counts members and guests of Premium, and nobody else', async () => {
    const { id, reference } = await newCustomer();
    const counts = [
      { count: 9 },
      { role: 'GUEST', count: 4 },
      { kind: 'BOT', count: 50 },
      { state: 'BLOCKED', count: 50 },
    ];
    const { outcomes, userErrors } = await report([{ ...reference, counts }]);
    expect(userErrors).toEqual([]);
    expect(outcomes).toEqual([
      {
        deployment: { id },
        seats: { purchased: 10, used: 13, maximum: 13, overage: 3, reportedAt: now.toISOString() },
        userErrors: [],
      },
    ]);
  });

  it('counts who is in several groups once', async () => {
    const { reference } = await newCustomer();
    const users = [{ userId: 'ann' }, { userId: 'ann' }, { userId: 'ben', role: 'GUEST' }, { userId: 'ben' }];
    const { outcomes } = await report([{ ...reference, users }]);
    expect(outcomes).toMatchObject([{ seats: { used: 2, overage: 0 } }]);
  });

  it('gives each report its own outcome, and records those that are right', async () => {
    const [one, other] = [await newCustomer(), await newCustomer()];
    const counts = [{ count: 12 }];
    const { outcomes } = await report([
      { ...one.reference, counts },
      { ...one.reference, externalId: 'nobody', counts },
      { ...other.reference, counts: [{ count: -1 }] },
      { ...other.reference, counts, users: [] },
      { ...other.reference },
      { ...other.reference, counts, takenAt: '2026-06-15T13:00:00Z' },
      { ...other.reference, deploymentKind: 'SELF_MANAGED_INSTANCE', counts },
      { ...other.reference, users: [{ userId: '' }] },
      { ...other.reference, counts: [{ count: 2_000_000_000 }] },
    ]);
    const refused = (index: number, field: string, code = 'INVALID_VALUE') => ({
      deployment: null,
      seats: null,
      userErrors: [{ code, field: ['reports', String(index), field] }],
    });
    expect(outcomes?.[0]).toMatchObject({ deployment: { id: one.id }, userErrors: [] });
    expect(outcomes?.slice(1)).toEqual([
      refused(1, 'externalId', 'DEPLOYMENT_NOT_FOUND'),
      refused(2, 'counts'),
      refused(3, 'counts'),
      refused(4, 'counts'),
      refused(5, 'takenAt'),
      refused(6, 'deploymentKind'),
      refused(7, 'users'),
      refused(8, 'counts'),
    ]);
    expect(
      await service.rows('SELECT deployment_id FROM seat_sample WHERE deployment_id = ANY($1)', [
        [one.id, other.id],
      ]),
    ).toEqual([{ deployment_id: one.id }]);
  });

  it('answers a retry as it did before, and records nothing twice', async () => {
    const { id, reference } = await newCustomer();
    const key = randomUUID();
    const first = await report([{ ...reference, counts: [{ count: 12 }] }], machine, key);
    const again = await report([{ ...reference, counts: [{ count: 12 }] }], machine, key);
    expect(again.outcomes).toEqual(first.outcomes);
    const other = await report([{ ...reference, counts: [{ count: 13 }] }], machine, key);
    expect(other.userErrors).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
    expect(await service.rows('SELECT version FROM seat_usage WHERE deployment_id = $1', [id])).toEqual([
      { version: 1 },
    ]);
  });

  it('lets a product report for what it may see alone, and nobody without the scope', async () => {
    const [own, foreign] = [await newCustomer(), await newCustomer()];
    const viewer = productViewer(own.subscription.accountId, { scopes: ['seats:write'] });
    const reports = [own, foreign].map(({ reference }) => ({ ...reference, counts: [{ count: 1 }] }));
    const { outcomes } = await report(reports, viewer);
    expect(outcomes).toMatchObject([
      { userErrors: [] },
      { userErrors: [{ code: 'DEPLOYMENT_NOT_FOUND', field: ['reports', '1', 'externalId'] }] },
    ]);
    const without = await report(reports, productViewer(own.subscription.accountId));
    expect(without.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const partner = await report(reports, partnerViewer(randomUUID(), { scopes: ['seats:write'] }));
    expect(partner.outcomes?.map(({ deployment }) => deployment)).toEqual([null, null]);
  });

  it('refuses a call with no report or too many', async () => {
    const { reference } = await newCustomer();
    const wrong = { outcomes: [], userErrors: [{ code: 'INVALID_VALUE', field: ['reports'] }] };
    expect(await report([])).toMatchObject(wrong);
    const one = { ...reference, counts: [{ count: 1 }] };
    expect(await report(Array.from({ length: 1_001 }, () => one))).toMatchObject(wrong);
  });

  it.each([
    ['', 5, /./],
    // Mails are sent under the same request id, so that what is written alone can be told apart.
    [' when all are told that their seats are used up', 12, /INSERT INTO "?(usage_notice|outbox)/i],
  ])('asks the database as often for many as for one%s', async (_, count, asked) => {
    const customers = await Promise.all(Array.from({ length: 6 }, newCustomer));
    const reports = customers.map(({ reference }) => ({ ...reference, counts: [{ count }] }));
    const one = await report(reports.slice(0, 1));
    const many = await report(reports.slice(1));
    expect(many.outcomes).toHaveLength(5);
    const [forOne = 0, forMany] = [one, many].map(
      ({ requestId }) => service.statements(requestId).filter((statement) => asked.test(statement)).length,
    );
    expect(forOne).toBeGreaterThan(0);
    expect(forMany).toBe(forOne);
  });
});

const historyDocument = /* GraphQL */ `
  query History($id: ID!, $from: LocalDate, $until: LocalDate, $recordedBy: DateTime, $first: Int) {
    deployment(id: $id) {
      seatUsageHistory(from: $from, until: $until, recordedBy: $recordedBy, first: $first) {
        totalCount
        nodes {
          day
          members
          withGuests
          maximum
          reports
        }
      }
    }
  }
`;

interface History {
  readonly deployment: {
    readonly seatUsageHistory: { readonly totalCount: number; readonly nodes: readonly object[] } | null;
  } | null;
}

describe('Deployment.seatUsageHistory', () => {
  it('shows each day as of any day, to the account and inside the company alone', async () => {
    const { id, reference, subscription } = await newCustomer();
    await report([
      { ...reference, takenAt: '2026-06-01T01:00:00Z', counts: [{ count: 7 }, { role: 'GUEST', count: 2 }] },
      { ...reference, takenAt: '2026-06-01T23:00:00Z', counts: [{ count: 8 }] },
      { ...reference, takenAt: '2026-06-02T00:00:00Z', counts: [{ count: 3 }] },
    ]);
    await service.rows(
      `UPDATE seat_sample SET recorded_at = '2026-06-10T00:00:00Z' WHERE deployment_id = $1 AND members = 8`,
      [id],
    );
    const ask = async (variables: object, viewer: Viewer = machine) => {
      const { data } = await service.query<History>(viewer, historyDocument, { id, ...variables });
      return data?.deployment?.seatUsageHistory?.nodes;
    };
    const first = { day: '2026-06-01', members: 8, withGuests: 9, maximum: 9, reports: 2 };
    const second = { day: '2026-06-02', members: 3, withGuests: 3, maximum: 3, reports: 1 };
    expect(await ask({})).toEqual([second, first]);
    expect(await ask({ first: 1 })).toEqual([second]);
    expect(await ask({ from: '2026-06-02' })).toEqual([second]);
    expect(await ask({ until: '2026-06-02' })).toEqual([first]);
    expect(await ask({ recordedBy: '2026-06-12T00:00:00Z' })).toEqual([
      { ...first, members: 8, withGuests: 8, maximum: 8, reports: 1 },
    ]);
    expect(await ask({}, productViewer(subscription.accountId))).toEqual([second, first]);
    expect(await ask({}, productViewer(randomUUID()))).toBeUndefined();
  });
});

const overDocument = /* GraphQL */ `
  query Over($filter: SeatsOverFilter, $first: Int) {
    seatsOver(filter: $filter, first: $first) {
      totalCount
      nodes {
        deployment {
          id
        }
        subscription {
          id
        }
        planCode
        seats {
          purchased
          maximum
          overage
        }
      }
    }
  }
`;

interface Over {
  readonly seatsOver: { readonly totalCount: number; readonly nodes: readonly object[] } | null;
}

describe('seatsOver', () => {
  it('lists who is over, the furthest first, inside the company alone', async () => {
    const [little, far, under] = [await newCustomer(), await newCustomer(), await newCustomer()];
    await report([
      { ...little.reference, counts: [{ count: 5_011 }] },
      { ...far.reference, counts: [{ count: 6_010 }] },
      { ...under.reference, counts: [{ count: 10 }] },
    ]);
    const ask = (filter: object, viewer: Viewer = machine) =>
      service.query<Over>(viewer, overDocument, { filter, first: 10 });
    const { data } = await ask({ minimumOverage: 5_000 });
    expect(data?.seatsOver).toEqual({
      totalCount: 2,
      nodes: [
        {
          deployment: { id: far.id },
          subscription: { id: far.subscription.id },
          planCode: 'PREMIUM',
          seats: { purchased: 10, maximum: 6_010, overage: 6_000 },
        },
        {
          deployment: { id: little.id },
          subscription: { id: little.subscription.id },
          planCode: 'PREMIUM',
          seats: { purchased: 10, maximum: 5_011, overage: 5_001 },
        },
      ],
    });
    const own = await ask({ accountId: far.subscription.accountId });
    expect(own.data?.seatsOver?.totalCount).toBe(1);
    expect((await ask({ planCode: 'ULTIMATE' })).data?.seatsOver?.totalCount).toBe(0);
    // On the free plan nobody has bought a seat that could be exceeded.
    await deliverSubscription(
      service,
      changed(little.subscription, { term: { startDate: '2024-01-01', endDate: '2025-01-01', months: 12 } }),
      2,
    );
    expect((await ask({ planCode: 'FREE' })).data?.seatsOver?.totalCount).toBe(0);
    expect((await ask({ minimumOverage: 5_000 })).data?.seatsOver?.totalCount).toBe(1);
    for (const filter of [{ minimumOverage: 0 }, { planCode: 'PREMIUM\u0000' }]) {
      expect((await ask(filter)).errors).toMatchObject([{ extensions: { code: 'ARGUMENT_INVALID' } }]);
    }
    const product = productViewer(far.subscription.accountId, { scopes: ['licenses:read'] });
    expect((await ask({}, product)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('is refused for a deployment that goes to another account while the report waits for it', async () => {
    const { subscription, id, reference } = await newCustomer();
    const owner = productViewer(subscription.accountId, { scopes: ['seats:write'] });
    const sound = await newCustomer();
    const mover = new pg.Client({ connectionString: service.databaseUrl });
    await mover.connect();
    try {
      await mover.query('BEGIN');
      await mover.query('UPDATE deployment SET account_id = $2 WHERE id = $1', [
        id,
        sound.subscription.accountId,
      ]);
      const reported = report([{ ...reference, counts: [{ count: 3 }] }], owner);
      const waiting = () => service.rows('SELECT FROM pg_locks WHERE NOT granted');
      await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0);
      await mover.query('COMMIT');
      expect((await reported).outcomes).toMatchObject([
        { deployment: null, seats: null, userErrors: [{ code: 'DEPLOYMENT_NOT_FOUND' }] },
      ]);
    } finally {
      await mover.end();
    }
    expect(await service.rows('SELECT FROM seat_sample WHERE deployment_id = $1', [id])).toEqual([]);
  });
});

import { createHash, randomUUID } from 'node:crypto';
import { writeUsageReport, type UsageReportContent } from 'fulfillment-license/usage-report';
import { beforeAll, describe, expect, it } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import { licenseId } from '../src/domain/license.js';
import {
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newDeployment,
  newSubscription,
  now,
} from './facts.js';

const clock = { at: now };
const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => clock.at } });
beforeAll(() => deliverProducts(service));

type Viewer = Parameters<typeof service.query>[0];

/** A customer whose instance has no network, with the license file that was carried to it. */
async function newCustomer(instanceId: string | null = null) {
  const deployment = newDeployment('Bunker', 'SELF_MANAGED_INSTANCE');
  const subscription = newSubscription({}, { deployment });
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  const admin = productViewer(subscription.accountId, { scopes: ['licenses:read', 'instances:write'] });
  const { data } = await service.query<{ issueLicenseFile: { licenseFile: { id: string; text: string } } }>(
    admin,
    `mutation ($input: IssueLicenseFileInput!) { issueLicenseFile(input: $input) { licenseFile { id text } } }`,
    { input: { idempotencyKey: randomUUID(), licenseId: licenseId(subscription.id, 1), instanceId } },
  );
  if (!data) throw new Error('No license file');
  return { subscription, admin, file: data.issueLicenseFile.licenseFile };
}

type Customer = Awaited<ReturnType<typeof newCustomer>>;

function reportOf({ file }: Customer, changes: Partial<UsageReportContent> = {}) {
  const content: UsageReportContent = {
    format: 1,
    report: { id: randomUUID(), createdAt: '2026-06-15T00:00:00Z' },
    licenseFileId: file.id,
    instance: { id: 'bunker-1', hostName: 'bunker.example.com', version: '18.6.1' },
    samples: [
      { takenAt: '2026-05-01T00:00:00Z', members: 12, guests: 1, maximum: null },
      { takenAt: '2026-06-01T00:00:00Z', members: 9, guests: 0, maximum: null },
    ],
    ...changes,
  };
  return writeUsageReport(content, file.text);
}

interface Uploaded {
  readonly usageReport: { readonly instanceId: string; readonly samples: number } | null;
  readonly alreadyReceived: boolean;
  readonly seats: object | null;
  readonly unknownFeatureKeys: readonly string[];
  readonly userErrors: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: string[];
  }[];
}

async function upload(viewer: Viewer, report: string): Promise<Uploaded> {
  const document = `mutation ($input: UploadUsageReportInput!) { uploadUsageReport(input: $input) {
    usageReport { instanceId samples } alreadyReceived seats { purchased used maximum overage } unknownFeatureKeys
    userErrors { code message field } } }`;
  const { data, errors } = await service.query<{ uploadUsageReport: Uploaded }>(viewer, document, {
    input: { idempotencyKey: randomUUID(), report },
  });
  expect(errors).toEqual([]);
  if (!data) throw new Error('No answer');
  return data.uploadUsageReport;
}

interface UsageReports {
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string };
  readonly nodes: readonly { readonly hash: string }[];
}

/** The usage reports of several deployments: undefined for one that the viewer may not see. */
async function list(viewer: Viewer, customers: readonly Customer[], page: object) {
  const document = `query ($representations: [_Any!]!, $first: Int, $after: String) {
    _entities(representations: $representations) { ... on Deployment { usageReports(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id instanceId hostName version createdAt receivedAt receivedFrom hash samples } } } } }`;
  const representations = customers.map(({ subscription }) => {
    return { __typename: 'Deployment', id: subscription.deployment.id };
  });
  const { data, errors, requestId } = await service.query<{
    _entities: readonly ({ readonly usageReports: UsageReports } | null)[];
  }>(viewer, document, { representations, ...page });
  const lists = (data?._entities ?? []).map((one) => one?.usageReports);
  return { lists, errors, statements: service.statements(requestId) };
}

const codesOf = async (uploaded: Promise<Uploaded>) => (await uploaded).userErrors.map(({ code }) => code);

describe('uploadUsageReport', () => {
  it('records what an instance without a network counted', async () => {
    const customer = await newCustomer();
    expect(await upload(customer.admin, await reportOf(customer))).toEqual({
      usageReport: { instanceId: 'bunker-1', samples: 2 },
      alreadyReceived: false,
      seats: { purchased: 10, used: 9, maximum: 13, overage: 3 },
      unknownFeatureKeys: [],
      userErrors: [],
    });
  });

  it('records the use of features with a limit, late or not, and names those that nobody knows', async () => {
    const customer = await newCustomer();
    const { id } = customer.subscription.deployment;
    const use = (featureKey: string, used: number, observedAt: string) => ({ featureKey, used, observedAt });
    const featureUse = [
      use('storage', 8, '2026-06-02T00:00:00Z'),
      use('storage', 9, '2026-06-01T00:00:00Z'),
      use('of_a_newer_version', 1, '2026-06-01T00:00:00Z'),
      use('compute', 1, '2026-06-01T00:00:00Z'),
    ];
    const kept = () =>
      service.rows('SELECT feature_key, used FROM feature_usage WHERE deployment_id = $1', [id]);
    const report = await reportOf(customer, { featureUse });
    for (const alreadyReceived of [false, true]) {
      expect(await upload(customer.admin, report)).toMatchObject({
        alreadyReceived,
        seats: { used: 9 },
        unknownFeatureKeys: ['of_a_newer_version', 'compute'],
        userErrors: [],
      });
      expect(await kept()).toEqual([{ feature_key: 'storage', used: 8 }]);
    }
    const late = [use('storage', 99, '2026-05-01T00:00:00Z')];
    await upload(customer.admin, await reportOf(customer, { featureUse: late }));
    expect(await kept()).toEqual([{ feature_key: 'storage', used: 8 }]);
  });

  it('lists what was brought, those taken in last first, to who runs the deployment alone', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    const texts = await Promise.all([0, 1, 2].map(() => reportOf(customer)));
    for (const [index, text] of texts.entries()) {
      clock.at = new Date(now.getTime() + index * 1_000);
      await upload(customer.admin, text);
    }
    clock.at = new Date(now.getTime() + 9_000);
    // The same again is the one of before, as it was received then.
    await upload(customer.admin, texts[1] ?? '');
    clock.at = now;
    const hashes = texts.map((text) => createHash('sha256').update(text).digest('hex'));
    const { subscription } = customer;
    const administrator = productViewer(subscription.accountId, { scopes: ['instances:read'] });
    const first = await list(administrator, [customer, other], { first: 2 });
    expect(first.statements).toHaveLength(2);
    expect(first.lists).toEqual([
      {
        totalCount: 3,
        pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
        nodes: [2, 1].map((index) => ({
          id: expect.any(String),
          instanceId: 'bunker-1',
          hostName: 'bunker.example.com',
          version: '18.6.1',
          createdAt: '2026-06-15T00:00:00.000Z',
          receivedAt: new Date(now.getTime() + index * 1_000).toISOString(),
          receivedFrom: 'product:test-product',
          hash: hashes[index],
          samples: 2,
        })),
      },
      undefined,
    ]);
    const after = first.lists[0]?.pageInfo.endCursor;
    const rest = await list(administrator, [customer], { first: 2, after });
    expect(rest.lists[0]?.nodes.map(({ hash }) => hash)).toEqual([hashes[0]]);

    const company = internalViewer({ scopes: ['instances:read'] });
    expect((await list(company, [customer, other], {})).lists.map((one) => one?.totalCount)).toEqual([3, 0]);
    const seller = partnerViewer(randomUUID(), { scopes: ['instances:read'] });
    await grantSubscription(service, seller.partnerId, subscription.id);
    expect((await list(seller, [customer], {})).lists.map((one) => one?.totalCount)).toEqual([0]);
    const unscoped = await list(productViewer(subscription.accountId, { scopes: [] }), [customer], {});
    expect(unscoped.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('takes each content in once; late, twice and in whatever order, it comes to the same', async () => {
    const [one, other] = [await newCustomer(), await newCustomer()];
    const earlier = { samples: [{ takenAt: '2026-02-01T00:00:00Z', members: 20, guests: 0, maximum: null }] };
    const first = await reportOf(one);
    const outcome = await upload(one.admin, first);
    expect(await upload(one.admin, first)).toEqual({ ...outcome, alreadyReceived: true });
    const last = await upload(one.admin, await reportOf(one, earlier));
    await upload(other.admin, await reportOf(other, earlier));
    expect((await upload(other.admin, await reportOf(other))).seats).toEqual(last.seats);
    expect(
      await service.rows(
        'SELECT uploaded_by, samples FROM usage_report WHERE deployment_id = $1 ORDER BY samples',
        [one.subscription.deployment.id],
      ),
    ).toEqual([
      { uploaded_by: 'product:test-product', samples: 1 },
      { uploaded_by: 'product:test-product', samples: 2 },
    ]);
  });

  it('is of one’s own deployments: another account’s license file and none at all answer alike', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    const report = await reportOf(customer);
    const partner = partnerViewer(randomUUID(), { scopes: ['instances:write'] });
    await grantSubscription(service, partner.partnerId, customer.subscription.id);
    const ofNone = await reportOf({ ...customer, file: { ...customer.file, id: randomUUID() } });
    const answers = [
      await upload(other.admin, report),
      await upload(partner, report),
      await upload(customer.admin, ofNone),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.userErrors.map(({ code }) => code)).toEqual(['LICENSE_FILE_NOT_FOUND']);
    expect(
      await service.rows('SELECT FROM seat_sample WHERE deployment_id = $1', [
        customer.subscription.deployment.id,
      ]),
    ).toEqual([]);
  });

  it('refuses what was altered, sealed with another file, of another instance, or no report', async () => {
    const customer = await newCustomer('bunker-1');
    const report = await reportOf(customer);
    const middle = Math.floor(report.length / 2);
    const swapped = report.at(middle) === 'A' ? 'B' : 'A';
    const altered = report.slice(0, middle) + swapped + report.slice(middle + 1);
    const forged = await reportOf({ ...customer, file: { ...customer.file, text: 'another file' } });
    const instance = { id: 'bunker-2', hostName: 'b', version: '1' };
    expect(await codesOf(upload(customer.admin, altered))).toEqual(['USAGE_REPORT_ALTERED']);
    expect(await codesOf(upload(customer.admin, forged))).toEqual(['USAGE_REPORT_ALTERED']);
    expect(await codesOf(upload(customer.admin, await reportOf(customer, { instance })))).toEqual([
      'USAGE_REPORT_INVALID',
    ]);
    for (const text of ['', 'no report', customer.file.text]) {
      expect(await codesOf(upload(customer.admin, text))).toEqual(['USAGE_REPORT_INVALID']);
    }
  });

  const instance = { id: 'bunker-1', hostName: 'bunker.example.com', version: '18.6.1' };
  const sample = { takenAt: '2026-06-01T00:00:00Z', members: 5, guests: 0, maximum: null };
  it.each<[string, Partial<UsageReportContent>]>([
    ['instance.id', { instance: { ...instance, id: 'a\u0000' } }],
    ['instance.hostName', { instance: { ...instance, hostName: 'a\ud800' } }],
    ['instance.version', { instance: { ...instance, version: '\u202e18' } }],
    ['maximum.since', { samples: [{ ...sample, maximum: { users: 1, since: '0000-01-01' } }] }],
  ])(
    'refuses a report whose %s can not be stored, of whichever instance its file is',
    async (field, changes) => {
      for (const customer of [await newCustomer(), await newCustomer('bunker-1')]) {
        const { userErrors } = await upload(customer.admin, await reportOf(customer, changes));
        expect(userErrors).toMatchObject([{ code: 'USAGE_REPORT_INVALID', field: ['report'] }]);
        expect(userErrors[0]?.message).toContain(`\`${field}\``);
      }
    },
  );

  it('counts no users of an instance that was out of use before anything of it came in', async () => {
    const customer = await newCustomer();
    const { deployment } = customer.subscription;
    await service.rows(
      `INSERT INTO instance (id, deployment_id, instance_id, host_name, version, secret_hash, activation_code_id,
                             activated_at, last_seen_at, ended_at, end_cause)
       SELECT gen_random_uuid(), deployment_id, 'bunker-1', 'bunker', '18', '', id, $2, $2, $2, 'DEACTIVATED'
       FROM activation_code WHERE deployment_id = $1`,
      [deployment.id, '2026-06-10T00:00:00Z'],
    );
    expect((await upload(customer.admin, await reportOf(customer))).seats).toMatchObject({
      used: 0,
      maximum: 13,
    });
    const later = [{ ...sample, takenAt: '2026-06-11T00:00:00Z' }];
    expect((await upload(customer.admin, await reportOf(customer, { samples: later }))).seats).toMatchObject({
      used: 5,
    });
  });

  it('says how long a report may be', async () => {
    const customer = await newCustomer();
    const { userErrors } = await upload(customer.admin, 'x'.repeat(512 * 1024 + 1));
    expect(userErrors).toEqual([
      {
        code: 'USAGE_REPORT_INVALID',
        field: ['report'],
        message: '`report` must be the text of a usage report, of at most 512 KiB.',
      },
    ]);
  });

  it('takes in nothing of a report of which one use is wrong', async () => {
    const customer = await newCustomer();
    const id = customer.subscription.deployment.id;
    const use = { featureKey: 'storage', used: 5, observedAt: '2026-06-01T00:00:00Z' };
    for (const wrong of [
      { used: 2_000_000_000 },
      { observedAt: '2026-07-01T00:00:00Z' },
      { featureKey: 'a\u0000' },
    ]) {
      const featureUse = [use, { ...use, ...wrong }];
      const { userErrors } = await upload(customer.admin, await reportOf(customer, { featureUse }));
      expect(userErrors).toMatchObject([{ code: 'USAGE_REPORT_INVALID', field: ['report'] }]);
      expect(userErrors[0]?.message).toMatch(/^Use 2: /);
    }
    for (const table of ['seat_sample', 'feature_usage', 'usage_report']) {
      expect(await service.rows(`SELECT FROM ${table} WHERE deployment_id = $1`, [id])).toEqual([]);
    }
  });

  it('takes in nothing of a report of which one sample is wrong', async () => {
    const customer = await newCustomer();
    const sample = { takenAt: '2026-06-01T00:00:00Z', members: 5, guests: 0, maximum: null };
    const samples = [sample, { ...sample, takenAt: '2026-07-01T00:00:00Z' }];
    const { userErrors } = await upload(customer.admin, await reportOf(customer, { samples }));
    expect(userErrors).toMatchObject([{ code: 'USAGE_REPORT_INVALID', field: ['report'] }]);
    expect(userErrors[0]?.message).toMatch(/^Sample 2: /);
    const id = customer.subscription.deployment.id;
    expect(await service.rows('SELECT FROM seat_sample WHERE deployment_id = $1', [id])).toEqual([]);
    expect(await service.rows('SELECT FROM usage_report WHERE deployment_id = $1', [id])).toEqual([]);
  });
});

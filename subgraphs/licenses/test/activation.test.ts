import { randomUUID } from 'node:crypto';
import { readKeySet } from 'fulfillment-license/key-set';
import { verifyLicenseFile } from 'fulfillment-license/verify';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import {
  changed,
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
beforeEach(() => {
  clock.at = now;
});

const day = 24 * 60 * 60 * 1000;
const after = (days: number) => new Date(now.getTime() + days * day);

type Viewer = Parameters<typeof service.query>[0];

interface File {
  readonly text: string;
  readonly expiresAt: string;
}

interface Outcome {
  readonly activationCode?: { readonly id: string; readonly state: string; readonly hint: string } | null;
  readonly code?: string | null;
  readonly instance?: { readonly id: string; readonly state: string; readonly hostName: string } | null;
  readonly secret?: string | null;
  readonly licenseFile?: File | null;
  readonly nextLicenseFile?: File | null;
  readonly seats?: object | null;
  readonly unknownFeatureKeys?: readonly string[];
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

const files = 'licenseFile { text expiresAt } nextLicenseFile { text expiresAt }';
const fieldsOf = {
  createActivationCode: 'activationCode { id state hint } code',
  revokeActivationCode: 'activationCode { id state hint }',
  activateInstance: `instance { id state hostName } secret ${files}`,
  transferInstance: `instance { id state hostName } secret ${files}`,
  synchronizeInstance: `instance { id state hostName } ${files} seats { purchased used maximum overage }
    unknownFeatureKeys`,
  deactivateInstance: 'instance { id state hostName }',
} as const;

async function call(viewer: Viewer, mutation: keyof typeof fieldsOf, input: object) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const document = `mutation ($input: ${type}) {
    ${mutation}(input: $input) { ${fieldsOf[mutation]} userErrors { code field } } }`;
  const answer = await service.query<Record<string, Outcome>>(viewer, document, {
    input: { idempotencyKey: randomUUID(), ...input },
  });
  expect(answer.errors).toEqual([]);
  const outcome = answer.data?.[mutation];
  if (outcome === undefined) throw new Error(`${mutation} gave no outcome`);
  return outcome;
}

const refused = async (outcome: Promise<Outcome>) => {
  const { userErrors, unknownFeatureKeys = [], ...rest } = await outcome;
  expect(unknownFeatureKeys).toEqual([]);
  expect(Object.values(rest).every((value) => value === null)).toBe(true);
  return userErrors.map(({ code, field }) => `${field.join('.')} ${code}`);
};

/** A customer with a self-managed instance, whose account sees itself: an administrator, and the machines that it runs. */
async function newCustomer(agreed: Parameters<typeof newSubscription>[0] = {}) {
  const deployment = newDeployment('Acme', 'SELF_MANAGED_INSTANCE');
  const subscription = newSubscription(agreed, { deployment });
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  const { accountId } = subscription;
  const admin = productViewer(accountId, { scopes: ['instances:read', 'instances:write'] });
  const machine = productViewer(accountId, { scopes: ['instances:activate'] });
  const { code } = await call(admin, 'createActivationCode', { deploymentId: deployment.id });
  return { subscription, deployment, accountId, admin, machine, code: code ?? '' };
}

type Customer = Awaited<ReturnType<typeof newCustomer>>;

const activate = (
  { machine, code }: { readonly machine: Viewer; readonly code: string },
  instanceId: string,
  more: object = {},
) =>
  call(machine, 'activateInstance', {
    code,
    instanceId,
    hostName: `${instanceId}.example.com`,
    version: '18.6.1',
    ...more,
  });

const synchronize = (
  { machine }: Pick<Customer, 'machine'>,
  { instance, secret }: Pick<Outcome, 'instance' | 'secret'>,
  more: object = {},
) => call(machine, 'synchronizeInstance', { id: instance?.id, secret, version: '18.6.2', ...more });

async function instancesOf({ admin, deployment }: Customer, includeEnded = false) {
  const document = `query ($id: ID!, $includeEnded: Boolean) { deployment(id: $id) { instanceLimit
    instances(includeEnded: $includeEnded) { instanceId hostName version state silentFrom endedAt }
    activationCodes { state hint } } }`;
  const { data, errors } = await service.query<{
    deployment: {
      instanceLimit: number | null;
      instances: { instanceId: string; state: string; hostName: string; version: string }[];
      activationCodes: { state: string; hint: string }[];
    };
  }>(admin, document, { id: deployment.id, includeEnded });
  expect(errors).toEqual([]);
  if (!data) throw new Error('No answer');
  return data.deployment;
}

const statesOf = async (customer: Customer, includeEnded = false) =>
  (await instancesOf(customer, includeEnded)).instances.map(
    ({ instanceId, state }) => `${instanceId} ${state}`,
  );

async function verdictOf(file: File | null | undefined, instance: string) {
  const keys = readKeySet(await (await fetch(`${service.url}/.well-known/jwks.json`)).text()) ?? [];
  return verifyLicenseFile(file?.text ?? '', { keys, at: clock.at, instance });
}

async function revokePresentKey() {
  const keys = internalViewer({ scopes: ['licenses:read', 'licenses:write'] });
  const { data } = await service.query<{ signingKeys: { id: string; state: string }[] }>(
    keys,
    '{ signingKeys { id state } }',
  );
  const keyId = data?.signingKeys.find(({ state }) => state === 'ACTIVE')?.id;
  const revoked = await service.query<{ revokeSigningKey: { userErrors: object[] } }>(
    keys,
    `mutation ($input: RevokeSigningKeyInput!) { revokeSigningKey(input: $input) { userErrors { code } } }`,
    { input: { idempotencyKey: randomUUID(), keyId, reason: 'Lost.' } },
  );
  expect(revoked.data?.revokeSigningKey.userErrors).toEqual([]);
}

describe('an activation code', () => {
  it('is made with the first license, and again on request: then the one before opens nothing', async () => {
    const customer = await newCustomer();
    expect(customer.code).toMatch(/^([0-9A-Z]{5}-){4}[0-9A-Z]{5}$/);
    expect(await instancesOf(customer)).toMatchObject({
      activationCodes: [{ state: 'OPEN', hint: customer.code.slice(-5) }, { state: 'REPLACED' }],
    });
    const { code } = await call(customer.admin, 'createActivationCode', {
      deploymentId: customer.deployment.id,
    });
    expect(await refused(activate(customer, 'a'))).toEqual(['code ACTIVATION_CODE_REVOKED']);
    expect((await activate({ ...customer, code: code ?? '' }, 'a')).userErrors).toEqual([]);
  });

  it('is kept as a hash alone; a retry is shown the same one', async () => {
    const { admin, deployment } = await newCustomer();
    const input = { idempotencyKey: randomUUID(), deploymentId: deployment.id };
    const first = await call(admin, 'createActivationCode', input);
    expect(await call(admin, 'createActivationCode', input)).toEqual(first);
    const kept = await service.rows(
      `SELECT code::text FROM activation_code AS code UNION ALL SELECT answer::text FROM idempotency_key`,
    );
    expect(JSON.stringify(kept)).not.toContain(first.code);
  });

  it('is typed as anybody likes', async () => {
    const customer = await newCustomer();
    const typed = customer.code.toLowerCase().replaceAll('-', ' ');
    expect((await activate({ ...customer, code: typed }, 'a')).userErrors).toEqual([]);
  });

  it('is good for as long as was said', async () => {
    const customer = await newCustomer();
    const input = { deploymentId: customer.deployment.id, validForDays: 7 };
    const { code } = await call(customer.admin, 'createActivationCode', input);
    clock.at = after(7);
    expect(await refused(activate({ ...customer, code: code ?? '' }, 'a'))).toEqual([
      'code ACTIVATION_CODE_EXPIRED',
    ]);
  });

  it('is revoked, once, and its instances stay', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    const [{ id } = { id: '' }] = await service.rows<{ id: string }>(
      'SELECT id FROM activation_code WHERE deployment_id = $1 AND ended_at IS NULL',
      [customer.deployment.id],
    );
    const { activationCode } = await call(customer.admin, 'revokeActivationCode', { id });
    expect(activationCode?.state).toBe('REVOKED');
    expect(await refused(call(customer.admin, 'revokeActivationCode', { id }))).toEqual([
      'id ACTIVATION_CODE_REVOKED',
    ]);
    expect(await refused(activate(customer, 'b'))).toEqual(['code ACTIVATION_CODE_REVOKED']);
    expect((await synchronize(customer, activated)).userErrors).toEqual([]);
  });

  it('opens nothing for the former account once the deployment is another one’s', async () => {
    const customer = await newCustomer();
    const { id, deployment } = customer.subscription;
    const accountId = randomUUID();
    await grantAccount(service, accountId);
    await deliverSubscription(service, changed(customer.subscription, {}, { accountId }), 2);
    expect(await refused(activate(customer, 'a'))).toEqual(['code ACTIVATION_CODE_INVALID']);
    const machine = productViewer(accountId, { scopes: ['instances:activate'] });
    expect(await refused(activate({ ...customer, machine }, 'a'))).toEqual(['code ACTIVATION_CODE_REVOKED']);
    expect(
      await service.rows(
        `SELECT count(*)::int FROM activation_code AS c JOIN license AS l ON l.id = c.license_id
         WHERE c.deployment_id = $1 AND c.ended_at IS NULL AND l.subscription_id = $2 AND l.account_id = $3`,
        [deployment.id, id, accountId],
      ),
    ).toEqual([{ count: 1 }]);
  });

  it('is for a deployment that has instances, by somebody who may', async () => {
    const { admin, accountId, deployment, machine } = await newCustomer();
    const namespace = newSubscription({}, { accountId });
    await deliverSubscription(service, namespace);
    const create = (viewer: Viewer, input: object) => call(viewer, 'createActivationCode', input);
    expect(await refused(create(admin, { deploymentId: namespace.deployment.id }))).toEqual([
      'deploymentId DEPLOYMENT_HAS_NO_INSTANCES',
    ]);
    for (const deploymentId of [randomUUID(), 'none']) {
      expect(await refused(create(admin, { deploymentId }))).toEqual(['deploymentId DEPLOYMENT_NOT_FOUND']);
    }
    for (const validForDays of [0, 3_651]) {
      expect(await refused(create(admin, { deploymentId: deployment.id, validForDays }))).toEqual([
        'validForDays INVALID_VALUE',
      ]);
    }
    const document = `mutation ($input: CreateActivationCodeInput!) {
      createActivationCode(input: $input) { code } }`;
    const input = { idempotencyKey: randomUUID(), deploymentId: deployment.id };
    const { errors } = await service.query(machine, document, { input });
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
  });
});

describe('activateInstance', () => {
  it('gives a license file for this instance alone, good for 37 days, and a secret that is kept as a hash', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    expect(activated).toMatchObject({
      instance: { state: 'ACTIVE', hostName: 'a.example.com' },
      userErrors: [],
    });
    expect(activated.licenseFile?.expiresAt).toBe(after(37).toISOString());
    expect(await verdictOf(activated.licenseFile, 'a')).toMatchObject({
      valid: true,
      content: { instanceId: 'a', license: { planCode: 'PREMIUM', seats: 10 } },
    });
    expect((await verdictOf(activated.licenseFile, 'b')).reasons.map(({ fault }) => fault)).toEqual([
      'WRONG_INSTANCE',
    ]);
    const kept = await service.rows(
      'SELECT i::text FROM instance AS i UNION ALL SELECT answer::text FROM idempotency_key',
    );
    expect(JSON.stringify(kept)).not.toContain(activated.secret);
  });

  it('gives a retry the same secret and file, and takes one slot', async () => {
    const customer = await newCustomer();
    const key = { idempotencyKey: randomUUID() };
    const first = await activate(customer, 'a', key);
    expect(await activate(customer, 'a', key)).toEqual(first);
    expect(await statesOf(customer)).toEqual(['a ACTIVE']);
  });

  it('takes the last slot once, however many ask for it at the same moment', async () => {
    const customer = await newCustomer();
    await activate(customer, 'first');
    const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => activate(customer, id)));
    const codes = outcomes.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'INSTANCE_LIMIT_REACHED'));
    expect(await statesOf(customer)).toHaveLength(2);
  });

  it('does not give an id that an active instance goes by to another one', async () => {
    const customer = await newCustomer();
    await activate(customer, 'a');
    expect(await refused(activate(customer, 'a', { hostName: 'thief.example.com' }))).toEqual([
      'instanceId INSTANCE_ID_TAKEN',
    ]);
  });

  it('answers alike for a code that nobody has and for one of another account', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    for (const code of [other.code, '00000-00000-00000-00000-00000', 'none', '', 'x'.repeat(10_000)]) {
      expect(await refused(activate({ ...customer, code }, 'a'))).toEqual(['code ACTIVATION_CODE_INVALID']);
    }
    const partner = partnerViewer(randomUUID(), { scopes: ['instances:activate'] });
    await grantSubscription(service, partner.partnerId, customer.subscription.id);
    expect(await refused(activate({ ...customer, machine: partner }, 'a'))).toEqual([
      'code ACTIVATION_CODE_INVALID',
    ]);
    const elsewhere = productViewer(customer.accountId, {
      scopes: ['instances:activate'],
      deploymentId: randomUUID(),
    });
    expect(await refused(activate({ ...customer, machine: elsewhere }, 'a'))).toEqual([
      'code ACTIVATION_CODE_INVALID',
    ]);
  });

  it.each([
    ['instanceId', { instanceId: '' }],
    ['instanceId', { instanceId: 'x'.repeat(256) }],
    ['hostName', { hostName: 'two\nlines' }],
    ['version', { version: 'x'.repeat(65) }],
    ['idempotencyKey', { idempotencyKey: 'short' }],
  ])('names %s when it is wrong', async (field, wrong) => {
    expect(await refused(activate(await newCustomer(), 'a', wrong))).toEqual([`${field} INVALID_VALUE`]);
  });

  it('needs a license in force', async () => {
    const customer = await newCustomer();
    clock.at = new Date('2027-01-01T00:00:00Z');
    await service.rows(`UPDATE activation_code SET expires_at = '2030-01-01'`);
    expect(await refused(activate(customer, 'a'))).toEqual(['code LICENSE_NOT_IN_FORCE']);
    clock.at = new Date('2027-02-01T00:00:00Z');
    expect(await refused(activate(customer, 'a'))).toEqual(['code LICENSE_NOT_IN_FORCE']);
  });

  it('takes the number of instances from the plan where the plan says one', async () => {
    await service.deliver(
      'orders.product',
      {
        code: 'FLEET',
        name: 'Fleet',
        kind: 'PLAN',
        rank: 2,
        features: [{ key: 'instances', name: 'Instances', kind: 'LIMIT', quantity: 1 }],
      },
      { aggregateId: 'FLEET' },
    );
    const [plan] = newSubscription().agreement.items;
    const customer = await newCustomer({ items: plan ? [{ ...plan, productCode: 'FLEET' }] : [] });
    expect((await instancesOf(customer)).instanceLimit).toBe(1);
    await activate(customer, 'a');
    expect(await refused(activate(customer, 'b'))).toEqual(['code INSTANCE_LIMIT_REACHED']);
  });

  it('lets those go on that are more than a smaller plan serves, tells them, and lets no further one in', async () => {
    const customer = await newCustomer();
    const first = await activate(customer, 'a');
    clock.at = after(1);
    const second = await activate(customer, 'b');
    const [plan] = customer.subscription.agreement.items;
    const items = plan ? [{ ...plan, productCode: 'FLEET' }] : [];
    await deliverSubscription(service, changed(customer.subscription, { items }), 2);
    clock.at = after(2);
    const overOf = async (activated: Outcome) => {
      const { data } = await service.query<{
        synchronizeInstance: { instance: { state: string; overLimit: boolean }; licenseFile: object | null };
      }>(
        customer.machine,
        `mutation ($input: SynchronizeInstanceInput!) { synchronizeInstance(input: $input) {
          instance { state overLimit } licenseFile { text } } }`,
        {
          input: {
            idempotencyKey: randomUUID(),
            id: activated.instance?.id,
            secret: activated.secret,
            version: '18',
          },
        },
      );
      const { instance, licenseFile } = data?.synchronizeInstance ?? {};
      expect([instance?.state, licenseFile]).toEqual(['ACTIVE', { text: expect.any(String) }]);
      return instance?.overLimit;
    };
    expect([await overOf(first), await overOf(second)]).toEqual([false, true]);
    const { data, requestId } = await service.query<{ deployment: { instances: object[] } }>(
      customer.admin,
      'query ($id: ID!) { deployment(id: $id) { instanceLimit instances { instanceId overLimit } } }',
      { id: customer.deployment.id },
    );
    expect(data?.deployment).toEqual({
      instanceLimit: 1,
      instances: expect.arrayContaining([
        { instanceId: 'a', overLimit: false },
        { instanceId: 'b', overLimit: true },
      ]),
    });
    expect(service.statements(requestId)).toHaveLength(3);
    expect(await refused(activate(customer, 'c'))).toEqual(['code INSTANCE_LIMIT_REACHED']);
    await call(customer.admin, 'deactivateInstance', { id: first.instance?.id });
    expect(await overOf(second)).toBe(false);
  });
});

describe('synchronizeInstance', () => {
  it('takes down what the instance tells, and gives it the present license', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    clock.at = after(1);
    await deliverSubscription(
      service,
      changed(customer.subscription, {
        items: customer.subscription.agreement.items.map((item) => ({ ...item, quantity: 20 })),
      }),
      2,
    );
    const synchronized = await synchronize(customer, activated, { hostName: 'new.example.com' });
    expect((await verdictOf(synchronized.licenseFile, 'a')).content?.license.seats).toBe(20);
    expect(synchronized.licenseFile?.expiresAt).toBe(after(38).toISOString());
    expect((await instancesOf(customer)).instances).toEqual([
      expect.objectContaining({
        instanceId: 'a',
        hostName: 'new.example.com',
        version: '18.6.2',
        silentFrom: after(31).toISOString(),
      }),
    ]);
  });

  it('gives the same file for a day, and a new one at once when it says something else or another key signs', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    const given = async () => (await synchronize(customer, activated)).licenseFile?.text;
    clock.at = new Date(after(1).getTime() - 1);
    expect(await given()).toBe(activated.licenseFile?.text);
    clock.at = after(1);
    const nextDay = await given();
    expect(nextDay).not.toBe(activated.licenseFile?.text);
    expect(await given()).toBe(nextDay);
    const items = customer.subscription.agreement.items.map((item) => ({ ...item, quantity: 20 }));
    await deliverSubscription(service, changed(customer.subscription, { items }), 2);
    const changedOne = (await synchronize(customer, activated)).licenseFile;
    expect((await verdictOf(changedOne, 'a')).content?.license.seats).toBe(20);
    // The key that takes over is for the tests that follow too.
    clock.at = now;
    await revokePresentKey();
    clock.at = after(1);
    expect((await verdictOf(changedOne, 'a')).reasons).toMatchObject([{ fault: 'REVOKED_KEY' }]);
    expect((await verdictOf((await synchronize(customer, activated)).licenseFile, 'a')).valid).toBe(true);
    const kept = await service.rows('SELECT FROM license_file WHERE activation_id = $1', [
      activated.instance?.id,
    ]);
    expect(kept).toHaveLength(4);
  });

  it('takes down how many it uses of features with a limit, or nothing at all', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    const use = { featureKey: 'storage', used: 8 };
    const told = await synchronize(customer, activated, {
      featureUse: [use, { ...use, used: 9, observedAt: after(-1) }, { featureKey: 'unheard_of', used: 1 }],
    });
    expect(told).toMatchObject({ unknownFeatureKeys: ['unheard_of'], userErrors: [] });
    const seats = [{ counts: [{ count: 5 }] }];
    for (const [wrong, field] of [
      [{ used: -1 }, 'used'],
      [{ observedAt: after(1) }, 'observedAt'],
      [{ featureKey: 'a\u0000' }, 'featureKey'],
    ] as const) {
      const featureUse = [use, { ...use, ...wrong }];
      expect(await refused(synchronize(customer, activated, { seats, featureUse }))).toEqual([
        `featureUse.1.${field} INVALID_VALUE`,
      ]);
    }
    const tooMany = Array.from({ length: 1_001 }, () => use);
    expect(await refused(synchronize(customer, activated, { featureUse: tooMany }))).toEqual([
      'featureUse INVALID_VALUE',
    ]);
    const { id } = customer.deployment;
    expect(await service.rows('SELECT used FROM feature_usage WHERE deployment_id = $1', [id])).toEqual([
      { used: 8 },
    ]);
    expect(await service.rows('SELECT FROM seat_sample WHERE deployment_id = $1', [id])).toEqual([]);
  });

  it('answers a retry alike, whatever has changed since', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    clock.at = after(1);
    const key = { idempotencyKey: randomUUID(), seats: [{ counts: [{ count: 8 }] }] };
    const first = await synchronize(customer, activated, key);
    clock.at = after(3);
    expect(await synchronize(customer, activated, key)).toEqual(first);
  });

  it('tells of seats once a day while nothing is new, in six statements', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    const { id } = customer.deployment;
    const told = async () =>
      (await service.promised('licenses.seat-usage')).filter((one) => one.aggregateId === id);
    const counts = (count: number) => ({ seats: [{ counts: [{ count }], maximum: 9 }] });
    await synchronize(customer, activated, counts(8));
    for (const [hours, count, times] of [
      [1, 8, 1],
      [2, 7, 2],
      [15, 7, 3],
      [16, 7, 3],
    ] as const) {
      clock.at = new Date(now.getTime() + hours * 3_600_000);
      expect((await synchronize(customer, activated, counts(count))).seats).toMatchObject({
        used: count,
        maximum: 9,
      });
      expect((await told()).map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: times }, (_, at) => at + 1),
      );
    }
    clock.at = after(2);
    const { requestId } = await service.query(
      customer.machine,
      `mutation ($input: SynchronizeInstanceInput!) { synchronizeInstance(input: $input) {
        instance { overLimit } ${fieldsOf.synchronizeInstance} } }`,
      {
        input: {
          idempotencyKey: randomUUID(),
          id: activated.instance?.id,
          secret: activated.secret,
          version: '18.6.2',
          // So many are 80 per cent, of which somebody was told before in this term.
          ...counts(8),
        },
      },
    );
    expect(service.statements(requestId)).toHaveLength(6);
  });

  it('counts for no seat of now while it is silent, and again when it comes back', async () => {
    const customer = await newCustomer();
    const { id } = customer.deployment;
    const activated = await activate(customer, 'a');
    const standby = await activate(customer, 'b');
    await synchronize(customer, activated, { seats: [{ counts: [{ count: 12 }] }] });
    await synchronize(customer, standby, { seats: [{ counts: [{ count: 3 }] }] });
    const told = async () =>
      (await service.promised('licenses.seat-usage'))
        .filter((one) => one.aggregateId === id)
        .map(({ payload }) => payload as { used: number; maximum: number });
    const kept = () =>
      service.rows('SELECT used, maximum, overage, holds_until FROM seat_usage WHERE deployment_id = $1', [
        id,
      ]);
    const use = (used: number, until: Date | null) => {
      return [{ used, maximum: 12, overage: 2, holds_until: until ?? new Date('2027-01-01T00:00:00Z') }];
    };
    clock.at = after(20);
    // It is heard of, though it tells of nobody.
    await synchronize(customer, standby);
    expect(await kept()).toEqual(use(12, after(30)));
    clock.at = after(30);
    await expect.poll(kept, { timeout: 10_000 }).toEqual(use(3, after(50)));
    expect((await told()).at(-1)).toMatchObject({ used: 3, maximum: 12 });
    clock.at = after(50);
    await expect.poll(kept, { timeout: 10_000 }).toEqual(use(0, null));
    expect((await synchronize(customer, activated)).seats).toMatchObject({ used: 12, maximum: 12 });
    expect((await told()).at(-1)).toMatchObject({ used: 12, maximum: 12 });
  });

  it('gives the license that follows as well, once it was issued', async () => {
    const customer = await newCustomer({
      term: { startDate: '2026-01-01', endDate: '2028-01-01', months: 24 },
    });
    const activated = await activate(customer, 'a');
    expect(activated.nextLicenseFile).toBeNull();
    clock.at = new Date('2026-12-05T00:00:00Z');
    await deliverSubscription(service, changed(customer.subscription, {}), 2);
    const { licenseFile, nextLicenseFile } = await synchronize(customer, activated);
    expect((await verdictOf(licenseFile, 'a')).content?.license).toMatchObject({ endsOn: '2027-01-01' });
    expect((await verdictOf(nextLicenseFile, 'a')).content?.license).toMatchObject({
      startsOn: '2027-01-01',
    });
  });

  it('records the users that it tells of, the highest of several instances counting', async () => {
    const customer = await newCustomer();
    const [a, b] = [await activate(customer, 'a'), await activate(customer, 'b')];
    const persons = (count: number) => [
      { count },
      { count: 3, role: 'GUEST' },
      { count: 100, kind: 'BOT' },
      { count: 7, state: 'BLOCKED' },
    ];
    await synchronize(customer, a, { seats: [{ counts: persons(8), maximum: 14 }] });
    const told = await synchronize(customer, b, {
      seats: [{ counts: persons(9) }, { counts: persons(5), takenAt: after(-1).toISOString() }],
    });
    expect(told.seats).toEqual({ purchased: 10, used: 12, maximum: 14, overage: 4 });
    // An instance that was set up anew from a backup takes nothing back.
    const late = { counts: [{ count: 1 }], maximum: 2, takenAt: after(-2).toISOString() };
    expect((await synchronize(customer, b, { seats: [late] })).seats).toEqual(told.seats);
    await call(customer.admin, 'deactivateInstance', { id: b.instance?.id });
    expect((await synchronize(customer, a, { seats: [] })).seats).toMatchObject({ used: 11, maximum: 14 });
  });

  it.each([
    ['seats.1.counts', [{ counts: [{ count: 1 }] }, { counts: [{ count: -1 }] }]],
    ['seats.0.takenAt', [{ counts: [{ count: 1 }], takenAt: '2027-01-01T00:00:00Z' }]],
    ['seats.0.takenAt', [{ counts: [{ count: 1 }], takenAt: '2019-01-01T00:00:00Z' }]],
    ['seats.0.maximum', [{ counts: [{ count: 1 }], maximum: -1 }]],
    ['seats', Array.from({ length: 401 }, () => ({ counts: [{ count: 1 }] }))],
  ])('refuses all when %s is wrong, and takes down nothing', async (field, seats) => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    clock.at = after(1);
    expect(await refused(synchronize(customer, activated, { seats }))).toEqual([`${field} INVALID_VALUE`]);
    expect((await instancesOf(customer)).instances).toMatchObject([{ version: '18.6.1' }]);
    expect((await synchronize(customer, activated)).seats).toMatchObject({ used: 0, maximum: 0 });
  });

  it('is the instance’s own: a wrong secret, another’s id and another account’s instance answer alike', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    const [a, b, theirs] = [
      await activate(customer, 'a'),
      await activate(customer, 'b'),
      await activate(other, 'a'),
    ];
    const tries = [
      { ...a, secret: b.secret ?? '' },
      { ...a, secret: '' },
      { ...theirs, secret: a.secret ?? '' },
      theirs,
      { ...a, instance: { id: randomUUID(), state: '', hostName: '' } },
      { ...a, instance: { id: 'none', state: '', hostName: '' } },
    ];
    for (const one of tries) {
      expect(await refused(synchronize(customer, one))).toEqual(['id INSTANCE_NOT_FOUND']);
    }
  });

  it('takes a slot again after 30 days of silence while one is free, and waits for one when none is', async () => {
    const customer = await newCustomer();
    const [a, b] = [await activate(customer, 'a'), await activate(customer, 'b')];
    clock.at = after(29);
    await synchronize(customer, b);
    clock.at = after(30);
    expect(await statesOf(customer)).toEqual(['b ACTIVE', 'a SILENT']);
    const c = await activate(customer, 'c');
    expect(await refused(synchronize(customer, a))).toEqual(['id INSTANCE_LIMIT_REACHED']);
    expect(await statesOf(customer)).toEqual(['c ACTIVE', 'b ACTIVE', 'a SILENT']);
    await call(customer.machine, 'deactivateInstance', { id: c.instance?.id, secret: c.secret });
    expect((await synchronize(customer, a)).instance?.state).toBe('ACTIVE');
    expect(await statesOf(customer)).toEqual(['a ACTIVE', 'b ACTIVE']);
  });

  it('gives no license when the deployment has none any more', async () => {
    const customer = await newCustomer();
    const activated = await activate(customer, 'a');
    for (const instant of [
      '2026-07-10',
      '2026-08-05',
      '2026-09-01',
      '2026-09-25',
      '2026-10-20',
      '2026-11-15',
      '2026-12-10',
    ]) {
      clock.at = new Date(instant);
      await synchronize(customer, activated);
    }
    clock.at = new Date('2027-01-05');
    expect(
      (await verdictOf((await synchronize(customer, activated)).licenseFile, 'a')).reasons,
    ).toMatchObject([{ fault: 'LICENSE_EXPIRED' }]);
    clock.at = new Date('2027-01-20');
    expect(await synchronize(customer, activated)).toMatchObject({ licenseFile: null, userErrors: [] });
  });
});

describe('deactivateInstance and transferInstance', () => {
  it('an instance gives its slot back; it is known no more', async () => {
    const customer = await newCustomer();
    const [a] = [await activate(customer, 'a'), await activate(customer, 'b')];
    const input = { id: a.instance?.id, secret: a.secret };
    expect((await call(customer.machine, 'deactivateInstance', input)).instance?.state).toBe('DEACTIVATED');
    expect(await refused(call(customer.machine, 'deactivateInstance', input))).toEqual(['id INSTANCE_ENDED']);
    expect(await refused(synchronize(customer, a))).toEqual(['id INSTANCE_ENDED']);
    expect((await activate(customer, 'c')).userErrors).toEqual([]);
    expect(await statesOf(customer, true)).toContain('a DEACTIVATED');
  });

  it('an administrator gives back what was lost with its host; a machine without a secret may not', async () => {
    const customer = await newCustomer();
    const a = await activate(customer, 'a');
    const document = `mutation ($input: DeactivateInstanceInput!) {
      deactivateInstance(input: $input) { userErrors { code } } }`;
    const input = { idempotencyKey: randomUUID(), id: a.instance?.id };
    const { errors } = await service.query(customer.machine, document, { input });
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
    expect((await call(customer.admin, 'deactivateInstance', { id: a.instance?.id })).instance?.state).toBe(
      'DEACTIVATED',
    );
  });

  it('a slot moves to another host, with a new secret, though no slot is free', async () => {
    const customer = await newCustomer();
    const [a] = [await activate(customer, 'a'), await activate(customer, 'b')];
    const moved = await call(customer.machine, 'transferInstance', {
      id: a.instance?.id,
      secret: a.secret,
      toInstanceId: 'a',
      toHostName: 'other.example.com',
      toVersion: '18.7.0',
    });
    expect(moved).toMatchObject({ instance: { state: 'ACTIVE', hostName: 'other.example.com' } });
    expect((await verdictOf(moved.licenseFile, 'a')).valid).toBe(true);
    expect(await refused(synchronize(customer, a))).toEqual(['id INSTANCE_ENDED']);
    expect((await synchronize(customer, moved)).userErrors).toEqual([]);
    const states = await statesOf(customer, true);
    expect(states.toSorted()).toEqual(['a ACTIVE', 'a TRANSFERRED', 'b ACTIVE']);
  });

  it('not to an id that another active instance goes by', async () => {
    const customer = await newCustomer();
    const [a] = [await activate(customer, 'a'), await activate(customer, 'b')];
    const to = { toInstanceId: 'b', toHostName: 'b.example.com', toVersion: '1' };
    const input = { id: a.instance?.id, ...to };
    expect(await refused(call(customer.admin, 'transferInstance', input))).toEqual([
      'toInstanceId INSTANCE_ID_TAKEN',
    ]);
    expect(await statesOf(customer)).toEqual(expect.arrayContaining(['a ACTIVE', 'b ACTIVE']));
  });

  it('nobody changes another account’s: administrators, and the company’s own people without the scope', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    const theirs = await activate(other, 'a');
    const to = { toInstanceId: 'x', toHostName: 'x.example.com', toVersion: '1' };
    for (const [mutation, input] of [
      ['deactivateInstance', { id: theirs.instance?.id }],
      ['transferInstance', { id: theirs.instance?.id, ...to }],
    ] as const) {
      expect(await refused(call(customer.admin, mutation, input))).toEqual(['id INSTANCE_NOT_FOUND']);
    }
    const [{ id } = { id: '' }] = await service.rows<{ id: string }>(
      'SELECT id FROM activation_code WHERE deployment_id = $1 AND ended_at IS NULL',
      [other.deployment.id],
    );
    expect(await refused(call(customer.admin, 'revokeActivationCode', { id }))).toEqual([
      'id ACTIVATION_CODE_NOT_FOUND',
    ]);
    expect(
      await refused(call(customer.admin, 'createActivationCode', { deploymentId: other.deployment.id })),
    ).toEqual(['deploymentId DEPLOYMENT_NOT_FOUND']);
    const internal = internalViewer({ scopes: ['instances:write'] });
    expect((await call(internal, 'deactivateInstance', { id: theirs.instance?.id })).instance?.state).toBe(
      'DEACTIVATED',
    );
  });
});

describe('Deployment.instances and activationCodes', () => {
  it('are shown to nobody else: another account, a partner, a token of another deployment, one without the scope', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    await activate(customer, 'a');
    const partner = partnerViewer(randomUUID(), { scopes: ['instances:read'] });
    await grantSubscription(service, partner.partnerId, customer.subscription.id);
    const ask = async (viewer: Viewer) =>
      service.query<{ deployment: object | null }>(
        viewer,
        'query ($id: ID!) { deployment(id: $id) { instances { id } activationCodes { id } instanceLimit } }',
        { id: customer.deployment.id },
      );
    expect((await ask(other.admin)).data).toEqual({ deployment: null });
    expect((await ask(partner)).data).toMatchObject({ deployment: { instances: [], activationCodes: [] } });
    const elsewhere = productViewer(customer.accountId, {
      scopes: ['instances:read'],
      deploymentId: randomUUID(),
    });
    expect((await ask(elsewhere)).data).toEqual({ deployment: null });
    const { errors } = await ask(customer.machine);
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['FORBIDDEN']));
  });

  it('take one statement each for a list of deployments', async () => {
    const { accountId, admin } = await newCustomer();
    for (const _ of [1, 2, 3]) {
      const deployment = newDeployment('More', 'DEDICATED_TENANT');
      await deliverSubscription(service, newSubscription({}, { accountId, deployment }));
    }
    const answer = await service.query<{ _entities: { deployments: object[] }[] }>(
      admin,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account { deployments {
        instances { id state } activationCodes { id state } } } } }`,
      { of: [{ __typename: 'Account', id: accountId }] },
    );
    expect(answer.errors).toEqual([]);
    expect(answer.data?._entities[0]?.deployments).toHaveLength(4);
    expect(service.statements(answer.requestId)).toHaveLength(3);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { writeUsageReport } from 'fulfillment-license/usage-report';
import { clientOperation } from '../kit/operations.js';
import type { TestSystem } from '../kit/system.js';

type Variables = () => Promise<Record<string, unknown>>;

interface Activated {
  readonly instance: { readonly id: string };
  readonly secret: string;
  readonly licenseFile: { readonly id: string; readonly text: string };
}

const patienceMilliseconds = 20_000;

/** Variables of the operations with which an account runs instances of its own, by operation name; each call is a new deployment. */
export function instanceVariables(
  { graphql }: Pick<TestSystem, 'graphql'>,
  account: string,
): Readonly<Record<string, Variables>> {
  const token = { audience: 'product', account } as const;
  const keyed = () => ({ idempotencyKey: randomUUID() });

  async function send<Answer>(name: string, variable: string, input: object): Promise<Answer | null> {
    const variables = { [variable]: { ...keyed(), ...input } };
    const { data } = await graphql<Record<string, Answer>>(
      token,
      clientOperation(`product/${name}`),
      variables,
    );
    return Object.values(data ?? {})[0] ?? null;
  }

  async function newDeployment(): Promise<string> {
    const externalId = `instances-${randomUUID()}`;
    const deployment = { kind: 'SELF_MANAGED_INSTANCE', externalId } as const;
    const createSubscription = { deployment, planCode: 'PREMIUM', quantity: 3 };
    await send('PlaceOrder', 'order', { actions: [{ createSubscription }] });
    const id = deploymentId(deployment.kind, externalId);
    const deadline = performance.now() + patienceMilliseconds;
    while (performance.now() < deadline) {
      const { data } = await graphql<{ deployment: object | null }>(
        token,
        clientOperation('product/Instances'),
        {
          deploymentId: id,
        },
      );
      if (data?.deployment) break;
      await sleep(50);
    }
    return id;
  }

  async function newCode() {
    const input = { deploymentId: await newDeployment() };
    const made = await send<{ code: string; activationCode: { id: string } }>(
      'CreateActivationCode',
      'code',
      input,
    );
    if (made === null) throw new Error('No code was made');
    return made;
  }

  const newInstance = (code: string) => ({
    code,
    instanceId: randomUUID(),
    hostName: 'host.example',
    version: '1',
  });

  async function activated(): Promise<Activated> {
    const { code } = await newCode();
    const instance = await send<Activated>('ActivateInstance', 'instance', newInstance(code));
    if (instance === null) throw new Error('No instance was activated');
    return instance;
  }

  const known = async () => {
    const { instance, secret } = await activated();
    return { ...keyed(), id: instance.id, secret };
  };

  return {
    ProductInstances: async () => ({ deploymentId: await newDeployment() }),
    ProductCreateActivationCode: async () => ({ code: { ...keyed(), deploymentId: await newDeployment() } }),
    ProductRevokeActivationCode: async () => ({
      code: { ...keyed(), id: (await newCode()).activationCode.id },
    }),
    ProductActivateInstance: async () => ({
      instance: { ...keyed(), ...newInstance((await newCode()).code) },
    }),
    ProductSynchronizeInstance: async () => ({
      instance: {
        ...(await known()),
        version: '2',
        seats: [{ counts: [{ count: 2 }] }],
        featureUse: [{ featureKey: 'projects', used: 12 }],
      },
    }),
    ProductDeactivateInstance: async () => ({ instance: await known() }),
    ProductTransferInstance: async () => ({
      instance: {
        ...(await known()),
        toInstanceId: randomUUID(),
        toHostName: 'other.example',
        toVersion: '2',
      },
    }),
    ProductUsageReports: async () => ({ deploymentId: await newDeployment(), first: 5 }),
    InternalUsageReports: async () => ({ deploymentId: await newDeployment(), first: 5 }),
    ProductUploadUsageReport: async () => {
      const { licenseFile } = await activated();
      return { report: { ...keyed(), report: await reportUnder(licenseFile) } };
    },
  };
}

/** A report of the instance that the license file is for. */
function reportUnder({ id, text }: Activated['licenseFile']): Promise<string> {
  const [, payload = ''] = text.split('\n').slice(1, -2).join('').split('.');
  const { instanceId, file } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    instanceId: string;
    file: { issuedAt: string };
  };
  const sample = { takenAt: file.issuedAt, members: 2, guests: 0, maximum: null };
  return writeUsageReport(
    {
      format: 1,
      report: { id: randomUUID(), createdAt: file.issuedAt },
      licenseFileId: id,
      instance: { id: instanceId, hostName: 'host.example', version: '1' },
      samples: [sample],
    },
    text,
  );
}

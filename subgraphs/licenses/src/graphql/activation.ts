import type { Result } from '@fulfillment/kernel/domain/result';
import type { Refusal } from '../domain/refusal.js';
import type {
  ActivateInstanceRequest,
  ActivatedInstance,
  DeactivateInstanceRequest,
  TransferInstanceRequest,
} from '../service/activation/instances.js';
import type {
  SynchronizedInstance,
  SynchronizeInstanceRequest,
} from '../service/activation/synchronize-instance.js';
import type {
  CreateActivationCodeRequest,
  CreatedCode,
  RevokeActivationCodeRequest,
} from '../service/activation/activation-codes.js';
import type { InstanceActivationPayload, SeatUsage } from './__generated__/resolvers.js';
import { seatsToGraphql } from './entitlements-to-graphql.js';
import type { Loaders } from './loaders.js';
import type { InstanceMapper } from './mappers.js';
import type { ReceivedUsageReport, UploadUsageReportRequest } from '../service/upload-usage-report.js';
import type { IssuedLicenseFile } from '../service/write-license-file.js';

/** The use cases of activation, as resolvers call them. */
export interface ActivationUseCases {
  readonly createActivationCode: (
    input: CreateActivationCodeRequest,
  ) => Promise<Result<CreatedCode, Refusal>>;
  /** The outcome is the code's id. */
  readonly revokeActivationCode: (input: RevokeActivationCodeRequest) => Promise<Result<string, Refusal>>;
  readonly activateInstance: (input: ActivateInstanceRequest) => Promise<Result<ActivatedInstance, Refusal>>;
  readonly transferInstance: (input: TransferInstanceRequest) => Promise<Result<ActivatedInstance, Refusal>>;
  readonly synchronizeInstance: (
    input: SynchronizeInstanceRequest,
  ) => Promise<Result<SynchronizedInstance, Refusal>>;
  readonly uploadUsageReport: (
    input: UploadUsageReportRequest,
  ) => Promise<Result<ReceivedUsageReport, Refusal>>;
  /** The outcome is the instance's id. */
  readonly deactivateInstance: (input: DeactivateInstanceRequest) => Promise<Result<string, Refusal>>;
}

/** The answer to activateInstance and transferInstance. */
export async function activationPayload(
  loaders: Pick<Loaders, 'instance'>,
  activated: Result<ActivatedInstance, Refusal>,
): Promise<
  Omit<InstanceActivationPayload, 'instance' | 'licenseFile' | 'nextLicenseFile'> & {
    instance: InstanceMapper | null;
    licenseFile: IssuedLicenseFile | null;
    nextLicenseFile: IssuedLicenseFile | null;
  }
> {
  if (!activated.ok) {
    return {
      instance: null,
      secret: null,
      licenseFile: null,
      nextLicenseFile: null,
      userErrors: [activated.error],
    };
  }
  const { id, ...given } = activated.value;
  return { ...given, instance: await loaders.instance.load(id), userErrors: [] };
}

/** The seats of a deployment as they stand now. */
export async function seatsOfDeployment(
  loaders: Pick<Loaders, 'entitlements'>,
  deploymentId: string,
): Promise<SeatUsage | null> {
  const found = await loaders.entitlements.load(deploymentId);
  return found && seatsToGraphql(found.entitlements.seats);
}

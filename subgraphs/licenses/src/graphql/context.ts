import type { Result } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Refusal } from '../domain/refusal.js';
import type { SigningKey } from '../domain/signing/signing-key.js';
import type { Keyed } from '../service/call-once.js';
import type { IssueLicenseFileRequest } from '../service/issue-license-file.js';
import type { RevokeSigningKeyRequest } from '../service/signing-keys.js';
import type { ReportSeatsRequest, SeatReportOutcome } from '../service/report-seats.js';
import type { SeatReader } from './readers.js';
import type { IssuedLicenseFile } from '../service/write-license-file.js';
import type { ActivationUseCases } from './activation.js';
import type { Loaders } from './loaders.js';

/** What every resolver of licenses gets with a request. */
export interface Context {
  readonly viewer: Viewer;
  readonly loaders: Loaders;
  readonly signingKeys: () => Promise<readonly SigningKey[]>;
  /** The present instant of an account; of the system with null. */
  readonly now: (accountId: string | null) => Promise<Date>;
  readonly issueLicenseFile: (input: IssueLicenseFileRequest) => Promise<Result<IssuedLicenseFile, Refusal>>;
  /** The outcome is the key's id. */
  readonly rotateSigningKey: (input: Keyed) => Promise<Result<string, Refusal>>;
  readonly seats: SeatReader;
  readonly reportSeats: (input: ReportSeatsRequest) => Promise<Result<readonly SeatReportOutcome[], Refusal>>;
  readonly revokeSigningKey: (input: RevokeSigningKeyRequest) => Promise<Result<string, Refusal>>;
  readonly activation: ActivationUseCases;
}

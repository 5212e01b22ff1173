import type { LicenseFileContent } from './content.js';

/** Why a file is not valid. */
export type Fault =
  | 'ALTERED'
  | 'ENCRYPTED'
  | 'UNKNOWN_KEY'
  | 'REVOKED_KEY'
  | 'NOT_YET_VALID'
  | 'LICENSE_EXPIRED'
  | 'FILE_EXPIRED'
  | 'WRONG_INSTANCE';

export interface Reason {
  readonly fault: Fault;
  /** For the person who has the file. */
  readonly message: string;
}

/** What the content itself says against its use at an instant by an instance; nothing when it may be used. */
export function judgeContent(
  { license, file, instanceId }: LicenseFileContent,
  at: Date,
  instance: string | undefined,
): Reason[] {
  const reasons: Reason[] = [];
  if (at < midnight(license.startsOn)) {
    reasons.push({
      fault: 'NOT_YET_VALID',
      message: `The license begins on ${license.startsOn}, 00:00 UTC.`,
    });
  }
  if (at >= midnight(license.endsOn)) {
    const message = `The license ended on ${license.endsOn}, 00:00 UTC. Renew the subscription and import its new file.`;
    reasons.push({ fault: 'LICENSE_EXPIRED', message });
  }
  if (file.expiresAt !== null && at >= new Date(file.expiresAt)) {
    const message = `The file itself was good until ${file.expiresAt}. Ask for a new one; the license goes on.`;
    reasons.push({ fault: 'FILE_EXPIRED', message });
  }
  if (instanceId !== null && instanceId !== instance) {
    const whose = instance === undefined ? 'Name yours to check it.' : `This is ${instance}.`;
    reasons.push({
      fault: 'WRONG_INSTANCE',
      message: `The file is for the instance ${instanceId}. ${whose}`,
    });
  }
  return reasons;
}

/** 00:00 UTC of a day: acceptance case A8 has a license end there, to the second. */
function midnight(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

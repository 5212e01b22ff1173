import { addDays } from '@fulfillment/kernel/domain/calendar';
import { hasInstances } from './activation/activation-code.js';
import type { Deployment } from './deployment.js';
import type { License } from './license.js';

/** What the people of the account that uses a license are told of it. Prices are not our business, and whoever pays is not named. */
export interface LicenseMail {
  readonly subject: string;
  readonly text: string;
  /** The license as a file, where the customer has an instance to import it into. */
  readonly attachments: readonly { readonly fileName: string; readonly text: string }[];
}

const reasons: Readonly<Record<License['cause'], string>> = {
  SUBSCRIPTION_CREATED: 'A new license was issued',
  SUBSCRIPTION_CHANGED: 'The license was issued anew, because the subscription was changed',
  SUBSCRIPTION_RENEWED: 'The license of the next term was issued',
  SUBSCRIPTION_SUSPENDED: 'The license was replaced, because the subscription is suspended',
  YEARLY_REISSUE: 'The license of the next year of the term was issued',
};

/**
 * @param fileText the license file; null for what has no instance of the customer's own
 * @param code an activation code that was made with the license; null when none was
 */
export function licenseMail(
  license: License,
  deployment: Deployment,
  fileText: string | null,
  code: string | null,
): LicenseMail {
  const { planCode, seats, startsOn, endsOn, cause } = license;
  const lines = [
    `${reasons[cause]} for ${deployment.name} (${deployment.externalId}).`,
    '',
    `Plan: ${planCode}, ${seats} seats`,
    `Valid: ${startsOn} through ${addDays(endsOn, -1)} (UTC)`,
  ];
  if (hasInstances(deployment.kind)) {
    lines.push('', 'An instance that reaches us fetches the license by itself once it was activated.');
    if (code !== null) lines.push(`Activation code: ${code}`);
    lines.push('For an instance without a network, import the attached file.');
  }
  return {
    subject: `License for ${deployment.name}: ${planCode}, ${seats} seats`,
    text: `${lines.join('\n')}\n`,
    attachments: fileText === null ? [] : [{ fileName: `license-${startsOn}.txt`, text: fileText }],
  };
}

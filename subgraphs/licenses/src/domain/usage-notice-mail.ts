import { addDays } from '@fulfillment/kernel/domain/calendar';
import type { Deployment } from './deployment.js';
import type { UsageNotice } from './usage-notice.js';

/** What the people who run a deployment are told. Prices are not our business, and whoever pays is not named. */
export function usageNoticeMail(
  { subject, period, percent, used, available }: UsageNotice,
  { name, externalId }: Pick<Deployment, 'name' | 'externalId'>,
): { readonly subject: string; readonly text: string } {
  const what = subject.kind === 'SEATS' ? 'seats' : subject.featureName;
  const lines = [
    `${count(used)} of ${count(available)} ${what} of ${name} (${externalId}) are in use: ${percent} per cent or more.`,
    '',
    subject.kind === 'SEATS'
      ? `The term of the seats ends on ${addDays(period.end, -1)} (UTC).`
      : `It is the allowance of ${period.start} through ${addDays(period.end, -1)} (UTC); the next one begins on the day after.`,
    'More can be had at any time: in the product, or from whoever you bought it from.',
  ];
  return { subject: `${name}: ${percent} % of ${what} in use`, text: `${lines.join('\n')}\n` };
}

/** With thousands apart, as everybody reads them alike: 10 000. */
function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}

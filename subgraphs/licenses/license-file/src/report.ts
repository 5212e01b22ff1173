import type { Verdict } from './verify.js';

/** The verdict as lines for a person. */
export function report({ valid, reasons, content }: Verdict): string {
  const lines = [valid ? 'VALID' : 'NOT VALID'];
  for (const { fault, message } of reasons) lines.push(`  ${fault}: ${message}`);
  if (content !== null) {
    const { license, deployment, file, notices } = content;
    lines.push(
      `  plan          ${license.planCode}, ${license.seats} seats${license.trial ? ', trial' : ''}`,
      `  deployment    ${deployment.kind} ${deployment.externalId}`,
      `  instance      ${content.instanceId ?? 'any of the deployment'}`,
      `  license       ${license.startsOn} up to, not including, ${license.endsOn} (00:00 UTC)`,
      `  file          issued ${file.issuedAt}, ${file.expiresAt === null ? 'as long as its license' : `good until ${file.expiresAt}`}`,
      `  notices       administrators from ${notices.administratorsFrom}, users from ${notices.usersFrom}`,
      `  changes       blocked from ${notices.changesBlockedFrom}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

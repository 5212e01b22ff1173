import { createHash } from 'node:crypto';
import { CompactSign, compactVerify, errors } from 'jose';
import { z } from 'zod';
import { armor, unarmor } from './armor.js';

const day = z.iso.date();
const instant = z.iso.datetime();
const count = z.number().int().nonnegative();

/** So many samples a report has at the most: a day each for more than five years. */
export const mostSamples = 2_000;

/** So many uses of features a report tells of at the most. */
export const mostFeatureUses = 1_000;

/** A report's text is no longer than this, in characters. */
export const longestReport = 512 * 1024;

/** What a report of an instance without a network says. Every instant is UTC. */
export const usageReportContent = z.strictObject({
  /** Of this document's form; another form has another number. */
  format: z.literal(1),
  /** This very report. */
  report: z.strictObject({ id: z.uuid(), createdAt: instant }),
  /** The license file that the instance uses, by its `file.id`. */
  licenseFileId: z.uuid(),
  instance: z.strictObject({
    id: z.string().min(1).max(255),
    hostName: z.string().min(1).max(253),
    version: z.string().min(1).max(64),
  }),
  samples: z
    .array(
      z.strictObject({
        takenAt: instant,
        /** Active persons: those who do more than look on, and guests. Bots and whoever is blocked or pending are left out. */
        members: count,
        guests: count,
        /** The most billable users since a day; null where the instance does not keep it. */
        maximum: z.strictObject({ users: count, since: day }).nullable(),
      }),
    )
    .min(1)
    .max(mostSamples),
  /** How many are in use of features with a limit (projects, storage), where the instance counts them. */
  featureUse: z
    .array(z.strictObject({ featureKey: z.string().min(1).max(255), used: count, observedAt: instant }))
    .max(mostFeatureUses)
    .optional(),
});

export type UsageReportContent = z.infer<typeof usageReportContent>;

export const reportType = 'fulfillment-usage-report+jws';

/**
 * What a report is sealed with: the SHA-256 of the license file's text, in hex. Whoever has the file has it; a report names
 * the file by its id alone.
 */
export function reportKeyOf(licenseFileText: string): string {
  return createHash('sha256').update(licenseFileText.replaceAll('\r\n', '\n')).digest('hex');
}

/**
 * Writes a usage report: a JWS in compact form (RFC 7515, HS256) under the license file that the instance uses.
 * @throws ZodError when the content is not of the form
 */
export async function writeUsageReport(
  content: UsageReportContent,
  licenseFileText: string,
): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(usageReportContent.parse(content)));
  const token = await new CompactSign(payload)
    .setProtectedHeader({ alg: 'HS256', kid: content.licenseFileId, typ: reportType })
    .sign(keyBytes(reportKeyOf(licenseFileText)));
  return armor(token, 'USAGE REPORT');
}

/** Why a text cannot be read as a usage report. */
export type UsageReportFault = 'NO_REPORT' | 'UNKNOWN_LICENSE_FILE' | 'ALTERED';

/**
 * Reads a usage report. It never throws for what a text holds.
 * @param keyOf gives the seal (`reportKeyOf`) of a license file by its id; null for one that is not known
 */
export async function readUsageReport(
  text: string,
  keyOf: (licenseFileId: string) => Promise<string | null>,
): Promise<UsageReportContent | UsageReportFault> {
  const token = text.length > longestReport ? undefined : unarmor(text, 'USAGE REPORT');
  const fileId = token === undefined ? undefined : keyIdOf(token);
  if (token === undefined || fileId === undefined) return 'NO_REPORT';
  const key = await keyOf(fileId);
  if (key === null) return 'UNKNOWN_LICENSE_FILE';
  try {
    const { payload } = await compactVerify(token, keyBytes(key), { algorithms: ['HS256'] });
    const content = usageReportContent.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    return content.success && content.data.licenseFileId === fileId ? content.data : 'NO_REPORT';
  } catch (error) {
    if (error instanceof errors.JOSEError) return 'ALTERED';
    if (error instanceof SyntaxError) return 'NO_REPORT';
    throw error;
  }
}

const header = z.object({ alg: z.literal('HS256'), kid: z.uuid(), typ: z.literal(reportType) });

function keyIdOf(token: string): string | undefined {
  try {
    const [encoded = ''] = token.split('.');
    return header.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString())).data?.kid;
  } catch {
    return undefined;
  }
}

function keyBytes(key: string): Uint8Array {
  return Buffer.from(key, 'hex');
}

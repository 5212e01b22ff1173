import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, newSigner } from '../test/license-file.js';
import { signLicenseFile } from './sign.js';
import {
  longestReport,
  mostSamples,
  readUsageReport,
  reportKeyOf,
  writeUsageReport,
  type UsageReportContent,
} from './usage-report.js';

const license = contentOf();
const licenseFile = await signLicenseFile(license, newSigner('key').signer);
const keys = new Map([[license.file.id, reportKeyOf(licenseFile)]]);
const keyOf = async (id: string) => keys.get(id) ?? null;

const sample = { takenAt: '2026-03-01T00:00:00Z', members: 10, guests: 2, maximum: null };
const content: UsageReportContent = {
  format: 1,
  report: { id: '0c9d4d1e-7f3f-4c0f-9c61-7a3a2c0e0009', createdAt: '2026-03-02T00:00:00Z' },
  licenseFileId: license.file.id,
  instance: { id: 'instance-1', hostName: 'build.example.com', version: '18.6.1' },
  samples: [sample, { ...sample, maximum: { users: 12, since: '2026-01-01' } }],
};
const report = await writeUsageReport(content, licenseFile);

const uses = [{ featureKey: 'projects', used: 12, observedAt: '2026-03-01T00:00:00Z' }];

describe('a usage report', () => {
  it('may tell of the use of features with a limit', async () => {
    const told = { ...content, featureUse: uses };
    expect(await readUsageReport(await writeUsageReport(told, licenseFile), keyOf)).toEqual(told);
    for (const wrong of [{ used: -1 }, { used: 0.5 }, { featureKey: '' }, { observedAt: 'today' }]) {
      const featureUse = uses.map((use) => ({ ...use, ...wrong }));
      await expect(writeUsageReport({ ...content, featureUse }, licenseFile)).rejects.toThrow(/featureUse/);
    }
  });

  it('is read by whoever knows the license file that it was made under', async () => {
    expect(await readUsageReport(report, keyOf)).toEqual(content);
    expect(await readUsageReport(report.replaceAll('\n', '\r\n'), keyOf)).toEqual(content);
  });

  it('says nothing to whoever does not, and is altered when it was made under another file', async () => {
    expect(await readUsageReport(report, async () => null)).toBe('UNKNOWN_LICENSE_FILE');
    expect(await readUsageReport(report, async () => reportKeyOf('another file'))).toBe('ALTERED');
  });

  it('with any one byte changed is not read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(report.length - 1), fc.integer({ min: 1, max: 127 }), async (place, by) => {
        const bytes = Buffer.from(report);
        bytes[place] = (bytes[place] ?? 0) ^ by;
        fc.pre(bytes.toString() !== report);
        expect(typeof (await readUsageReport(bytes.toString(), keyOf))).toBe('string');
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a license file', licenseFile],
    ['what is too long', `${report}${' '.repeat(longestReport)}`],
    ['another algorithm', report.replace('eyJhbGciOiJIUzI1NiIs', 'eyJhbGciOiJub25lIiwi')],
  ])('is not %s', async (_, text) => {
    expect(await readUsageReport(text, keyOf)).toBe('NO_REPORT');
  });

  it('holds some samples, and no more than so many', async () => {
    const many = Array.from({ length: mostSamples }, () => sample);
    expect((await writeUsageReport({ ...content, samples: many }, licenseFile)).length).toBeLessThan(
      longestReport,
    );
    for (const samples of [[], [...many, sample]]) {
      await expect(writeUsageReport({ ...content, samples }, licenseFile)).rejects.toThrow(/samples/);
    }
  });
});

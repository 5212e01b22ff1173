import { personOf } from '@fulfillment/kernel/domain/viewer';
import { isLocalDate, localDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { refusal, type Refusal } from '../domain/refusal.js';
import type { SeatSample } from '../domain/seats/seat-sample.js';
import { textRefusal } from '../domain/text.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import { recordSeatSamples } from './record-seats.js';
import { recordToldUses, refusedUseAmong } from './told-feature-uses.js';
import type { FoundLicenseFile, UsageReport, UsageReportReader, UsageReportRecord } from './signing-ports.js';

export interface UploadUsageReportRequest extends Keyed {
  /** The text of the file. */
  readonly report: string;
}

/** A report that was taken in, in plain JSON. */
export interface ReceivedUsageReport {
  /** As it was kept, the first time. */
  readonly usageReport: Omit<UsageReportRecord, 'createdAt' | 'receivedAt'> & {
    readonly createdAt: string;
    readonly receivedAt: string;
  };
  /** Of features that it tells of, those that the price list does not know as limits. */
  readonly unknownFeatureKeys: readonly string[];
  /** True when it was taken in before: nothing changed. */
  readonly alreadyReceived: boolean;
}

/**
 * Takes in what an instance without a network reports, as a file that an administrator brings. It may come late, and twice: each
 * content is taken in once, and the samples in it change nothing when they are known.
 */
export function uploadUsageReport(
  run: RunTransaction,
  reader: UsageReportReader,
  asking: Asking,
  request: UploadUsageReportRequest,
): Promise<Result<ReceivedUsageReport, Refusal>> {
  return callOnce(run, asking, 'uploadUsageReport', request, async (unit) => {
    if (request.report.length > reader.longest) {
      const kibibytes = Math.floor(reader.longest / 1024);
      const message = `\`report\` must be the text of a usage report, of at most ${kibibytes} KiB.`;
      return err(refusal('USAGE_REPORT_INVALID', ['report'], message));
    }
    const found = await readReport(unit, reader, asking, request.report);
    return found.ok ? takeIn(unit, reader, asking, request.report, found.value) : found;
  });
}

interface Found {
  readonly report: UsageReport;
  readonly file: FoundLicenseFile;
}

async function readReport(
  unit: UnitOfWork,
  reader: UsageReportReader,
  asking: Asking,
  text: string,
): Promise<Result<Found, Refusal>> {
  const files: FoundLicenseFile[] = [];
  const report = await reader.read(text, async (id) => {
    const found = await unit.licenseFiles.find(id, asking);
    if (found !== null) files.push(found);
    return found?.reportKey ?? null;
  });
  const [file] = files;
  if (typeof report === 'string' || file === undefined) return err(refusal(codeOf(report), ['report']));
  const fault = faultOf(report);
  if (fault !== null) return err(refusal('USAGE_REPORT_INVALID', ['report'], fault));
  const { instanceId } = file;
  if (instanceId !== null && instanceId !== report.instance.id) {
    const message = `The license file is for the instance ${instanceId}; the report is of ${report.instance.id}.`;
    return err(refusal('USAGE_REPORT_INVALID', ['report'], message));
  }
  return ok({ report, file });
}

/** What is wrong with what a report says, beyond its form: whoever has the license file can write anything into one. */
function faultOf({ instance: { id, hostName, version }, samples }: UsageReport): string | null {
  const line =
    textRefusal(id, 'instance.id') ??
    textRefusal(hostName, 'instance.hostName') ??
    textRefusal(version, 'instance.version');
  if (line !== null) return line.message;
  const index = samples.findIndex(({ maximum }) => maximum !== null && !isLocalDate(maximum.since));
  return index === -1 ? null : `Sample ${index + 1}: \`maximum.since\` must be a calendar day that exists.`;
}

function codeOf(fault: Awaited<ReturnType<UsageReportReader['read']>>) {
  if (fault === 'ALTERED') return 'USAGE_REPORT_ALTERED';
  return fault === 'NO_REPORT' ? 'USAGE_REPORT_INVALID' : 'LICENSE_FILE_NOT_FOUND';
}

async function takeIn(
  unit: UnitOfWork,
  reader: UsageReportReader,
  { viewer }: Asking,
  text: string,
  { report, file: { deployment, id: licenseFileId } }: Found,
): Promise<Result<ReceivedUsageReport, Refusal>> {
  const now = await unit.clock.now(deployment.accountId);
  const uses = (report.featureUse ?? []).map((use) => ({ ...use, observedAt: new Date(use.observedAt) }));
  const wrongUse = refusedUseAmong(uses, now);
  if (wrongUse !== null) {
    const message = `Use ${wrongUse.index + 1}: ${wrongUse.message}`;
    return err(refusal('USAGE_REPORT_INVALID', ['report'], message));
  }
  const recorded = await recordSeatSamples(
    unit,
    deployment,
    report.samples.map((one) => sampleOf(one, report)),
  );
  if (!recorded.ok) {
    const { index, message } = recorded.error;
    return err(refusal('USAGE_REPORT_INVALID', ['report'], `Sample ${index + 1}: ${message}`));
  }
  const unknownFeatureKeys = await recordToldUses(unit, deployment, uses, now);
  const { id, hostName, version } = report.instance;
  const { record, isNew } = await unit.usageReports.add({
    deploymentId: deployment.id,
    instanceId: id,
    hostName,
    version,
    id: report.report.id,
    hash: reader.hash(text),
    licenseFileId,
    createdAt: new Date(report.report.createdAt),
    receivedAt: now,
    uploadedBy: personOf(viewer),
    samples: report.samples.length,
  });
  const [createdAt, receivedAt] = [record.createdAt.toISOString(), record.receivedAt.toISOString()];
  const usageReport = { ...record, createdAt, receivedAt };
  return ok({ usageReport, unknownFeatureKeys, alreadyReceived: !isNew });
}

function sampleOf(
  { takenAt, members, guests, maximum }: UsageReport['samples'][number],
  { instance }: UsageReport,
): SeatSample {
  return {
    instanceId: instance.id,
    takenAt: new Date(takenAt),
    members,
    guests,
    maximum: maximum && { users: maximum.users, since: localDate(maximum.since) },
  };
}

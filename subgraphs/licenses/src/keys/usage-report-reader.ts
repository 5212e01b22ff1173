import { createHash } from 'node:crypto';
import { longestReport, readUsageReport } from 'fulfillment-license/usage-report';
import type { UsageReportReader } from '../service/signing-ports.js';

/** Reads usage reports in the form that the `fulfillment-license` package writes. */
export const usageReportReader: UsageReportReader = {
  longest: longestReport,
  read: readUsageReport,
  hash: (text) => createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex'),
};

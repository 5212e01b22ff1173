import { type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { closingFault, lastDayOf, monthOf } from '../domain/receivables/accounting-period.js';
import type { BillingRefusal } from '../domain/receivables/refusal.js';
import type { UnitOfWork } from './ports.js';
import { recognizeRevenue } from './recognize-revenue.js';

export interface ClosePeriodRequest {
  readonly legalEntity: string;
  /** Any day of the month. */
  readonly month: LocalDate;
}

/**
 * Closes a month of a legal entity, and every month before it: posts the revenue of its days, and then nothing more.
 * @returns the first day of the month
 */
export async function closeAccountingPeriod(
  work: UnitOfWork,
  { legalEntity: legalEntityCode, month: day }: ClosePeriodRequest,
  closedBy: string,
): Promise<Result<string, BillingRefusal>> {
  const month = monthOf(day);
  const { closedThrough } = await work.ledger.openAlone(legalEntityCode);
  const at = await work.clock.now(null);
  const fault = closingFault(month, localDateAt(at, 'UTC'), closedThrough);
  if (fault !== null) return err(fault);
  await recognizeRevenue(work, { legalEntityCode, through: lastDayOf(month), at });
  await work.ledger.close({ legalEntityCode, month, closedAt: at, closedBy });
  return ok(month);
}

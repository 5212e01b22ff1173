import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { ReconciliationMode } from '../domain/reconciliation/mode.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { readKnownId } from './billing-answer.js';
import type { UnitOfWork } from './ports.js';

export interface ReconciliationTermsRequest {
  readonly accountId: string;
  /** The rules decide again with null. */
  readonly mode?: ReconciliationMode | null;
}

/**
 * Sets what becomes of seats that an account uses beyond those bought, of its use from today on: by the day of UTC at its own clock, as
 * seats are counted. What was used while it was off stays unbilled. Gives the account's id.
 */
export async function setReconciliationTerms(
  work: UnitOfWork,
  { accountId, mode = null }: ReconciliationTermsRequest,
  setBy: string,
): Promise<Result<string, BillingRefusal>> {
  const id = readKnownId(accountId);
  if (id === null || !(await work.accounts.find([id])).has(id)) {
    return err(refusal('ACCOUNT_NOT_FOUND', 'There is no account with this id.', ['accountId']));
  }
  const from = localDateAt(await work.clock.now(id), 'UTC');
  const setAt = await work.clock.now(null);
  await work.reconciliations.setTerms({ accountId: id, from, mode, setBy, setAt });
  return ok(id);
}

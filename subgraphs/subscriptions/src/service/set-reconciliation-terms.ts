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

/** Sets what becomes of seats that an account uses beyond those bought, from the next day of reconciliation on. Gives its id. */
export async function setReconciliationTerms(
  work: UnitOfWork,
  { accountId, mode = null }: ReconciliationTermsRequest,
  setBy: string,
): Promise<Result<string, BillingRefusal>> {
  const id = readKnownId(accountId);
  if (id === null || !(await work.accounts.find([id])).has(id)) {
    return err(refusal('ACCOUNT_NOT_FOUND', 'There is no account with this id.', ['accountId']));
  }
  const setAt = await work.clock.now(null);
  await work.reconciliations.setTerms(id, mode === null ? null : { mode, setBy, setAt });
  return ok(id);
}

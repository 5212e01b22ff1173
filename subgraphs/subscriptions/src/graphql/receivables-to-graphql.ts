import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { ClosedPeriod } from '../domain/receivables/accounting-period.js';
import type { Adjustment } from '../domain/receivables/approval.js';
import type { BillingRefusal } from '../domain/receivables/refusal.js';
import type { Refund } from '../domain/receivables/refund.js';
import type {
  AccountingPeriod,
  Adjustment as GraphqlAdjustment,
  BillingUserError,
  Refund as GraphqlRefund,
  ResolversTypes,
} from './__generated__/resolvers.js';
import type { ReviewPeriod } from '../service/draft-ports.js';
import type { Approvable } from './receivables-readers.js';

export function errorToGraphql({ code, message, field }: BillingRefusal): BillingUserError {
  return { code, message, field };
}

export function refundToGraphql({ id, amount, fromCredit, refundedAt, reference }: Refund): GraphqlRefund {
  return {
    id,
    amount: moneyToGraphql(amount),
    fromCredit: moneyToGraphql(fromCredit),
    refundedAt,
    reference,
  };
}

export function periodToGraphql({ legalEntityCode, ...period }: ClosedPeriod): AccountingPeriod {
  return { legalEntity: legalEntityCode, ...period };
}

export function reviewPeriodToGraphql({
  scope,
  ...period
}: ReviewPeriod): ResolversTypes['InvoiceReviewPeriod'] {
  return {
    legalEntity: scope.kind === 'LEGAL_ENTITY' ? scope.id : null,
    account: scope.kind === 'ACCOUNT' ? { id: scope.id } : null,
    ...period,
  };
}

export function adjustmentToGraphql({ request, approval }: Approvable<Adjustment>): GraphqlAdjustment {
  const { legalEntityCode, amount, ...facts } = request;
  return {
    ...facts,
    legalEntity: legalEntityCode,
    amount: moneyToGraphql(amount),
    approvedBy: approval?.approvedBy ?? null,
    approvedAt: approval?.approvedAt ?? null,
  };
}

import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { AccountCreditEstimate } from './AccountCreditEstimate.js';
import { BillingSubscription } from './BillingSubscription.js';
import { BillingSubscriptionVersion } from './BillingSubscriptionVersion.js';
import { Invoice } from './Invoice.js';
import { InvoiceLine } from './InvoiceLine.js';
import { CreditMemo } from './CreditMemo.js';
import { Earning } from './Earning.js';
import { LedgerEntry } from './LedgerEntry.js';
import { Payment } from './Payment.js';
import { PaymentAttempt } from './PaymentAttempt.js';
import { RefundAttempt } from './RefundAttempt.js';
import { ReceivablesBucket } from './ReceivablesBucket.js';
import { RevenueSchedule } from './RevenueSchedule.js';
import { SeatReconciliation } from './SeatReconciliation.js';
import { WriteOff } from './WriteOff.js';
import { Order } from './Order.js';
import { recordPayment } from './Mutation/recordPayment.js';
import { refundPayment } from './Mutation/refundPayment.js';
import { collectInvoice } from './Mutation/collectInvoice.js';
import { discardDraftInvoice } from './Mutation/discardDraftInvoice.js';
import { postInvoice } from './Mutation/postInvoice.js';
import { setReconciliationTerms } from './Mutation/setReconciliationTerms.js';
import { setInvoiceReviewPeriod } from './Mutation/setInvoiceReviewPeriod.js';
import { voidInvoice } from './Mutation/voidInvoice.js';
import { requestWriteOff } from './Mutation/requestWriteOff.js';
import { approveWriteOff } from './Mutation/approveWriteOff.js';
import { requestAdjustment } from './Mutation/requestAdjustment.js';
import { approveAdjustment } from './Mutation/approveAdjustment.js';
import { closeAccountingPeriod } from './Mutation/closeAccountingPeriod.js';
import { advanceTestClock } from './Mutation/advanceTestClock.js';
import { billingSubscription } from './Query/billingSubscription.js';
import { currentAccount } from './Query/currentAccount.js';
import { accountingPeriods } from './Query/accountingPeriods.js';
import { agedReceivables } from './Query/agedReceivables.js';
import { approvalsPending } from './Query/approvalsPending.js';
import { draftInvoices } from './Query/draftInvoices.js';
import { invoiceReviewPeriods } from './Query/invoiceReviewPeriods.js';
import { invoice } from './Query/invoice.js';
import { ledgerEntries } from './Query/ledgerEntries.js';
import { trialBalance } from './Query/trialBalance.js';
import { subscriptionsDueForRenewal } from './Query/subscriptionsDueForRenewal.js';
import { previewSeatChange } from './Query/previewSeatChange.js';
import { testClock } from './Query/testClock.js';
import { TestClock } from './TestClock.js';

export const resolvers: Resolvers = {
  Query: {
    billingSubscription,
    currentAccount,
    subscriptionsDueForRenewal,
    testClock,
    accountingPeriods,
    agedReceivables,
    approvalsPending,
    invoice,
    draftInvoices,
    invoiceReviewPeriods,
    ledgerEntries,
    trialBalance,
    previewSeatChange,
  },
  Mutation: {
    advanceTestClock,
    recordPayment,
    refundPayment,
    collectInvoice,
    voidInvoice,
    postInvoice,
    discardDraftInvoice,
    setInvoiceReviewPeriod,
    setReconciliationTerms,
    requestWriteOff,
    approveWriteOff,
    requestAdjustment,
    approveAdjustment,
    closeAccountingPeriod,
  },
  Account,
  AccountCreditEstimate,
  BillingSubscription,
  BillingSubscriptionVersion,
  Invoice,
  InvoiceLine,
  CreditMemo,
  Earning,
  LedgerEntry,
  Payment,
  PaymentAttempt,
  RefundAttempt,
  ReceivablesBucket,
  RevenueSchedule,
  SeatReconciliation,
  WriteOff,
  Order,
  TestClock,
};

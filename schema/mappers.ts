import type { SubgraphName } from './subgraphs.js';

/**
 * The object types whose resolvers get a type of the service's own as their parent (`<Type>Mapper`, exported by the
 * service's `src/graphql/mappers.ts`): types with an identity, and types with fields that are loaded only when asked.
 * Every other type is given whole, in the form of the schema. Add a name and run `npm run codegen`.
 */
export const MAPPED_TYPES: Readonly<Record<SubgraphName, readonly string[]>> = {
  orders: [
    'Account',
    'Product',
    'Order',
    'OrderLine',
    'CreateSubscriptionAction',
    'AddProductAction',
    'ChangeQuantityAction',
    'ChangePlanAction',
    'RemoveProductAction',
    'RenewAction',
    'SuspendAction',
    'ResumeAction',
    'CancelAction',
    'TransferOwnerAction',
    'ChangeTermsAction',
    'ExtendTrialAction',
    'ConvertTrialAction',
    'Offer',
    'OfferRule',
    'Entitlements',
    'Partner',
    'Quote',
    'Checkout',
  ],
  subscriptions: [
    'Account',
    'BillingSubscription',
    'BillingSubscriptionVersion',
    'Invoice',
    'InvoiceLine',
    'CreditMemo',
    'Payment',
    'PaymentAttempt',
    'RefundAttempt',
    'WriteOff',
    'LedgerEntry',
    'RevenueSchedule',
    'Earning',
    'ReceivablesBucket',
    'TestClock',
    'AccountCreditEstimate',
    'Order',
  ],
  licenses: [
    'Deployment',
    'Entitlements',
    'License',
    'SeatsOver',
    'SeatReportOutcome',
    'Account',
    'BillingSubscription',
  ],
  partners: ['Partner', 'CustomerRelationship', 'Commission', 'Order', 'Account'],
};

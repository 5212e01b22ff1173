import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { CompleteCheckoutRequest } from '../service/checkout/complete-checkout.js';
import type { CheckoutAnswer, StartCheckoutRequest } from '../service/checkout/start-checkout.js';
import type { AccountRequest } from '../service/load-facts.js';
import type { SetContactAnswer, SetContactRequest } from '../service/contacts/set-contact.js';
import type { OpenSandboxAccountAnswer, OpenSandboxAccountRequest } from '../service/open-sandbox-account.js';
import type { SalesContactAnswer, SalesContactRequest } from '../service/leads/request-sales-contact.js';
import type { SetLeadPolicyAnswer, SetLeadPolicyRequest } from '../service/leads/set-lead-policy.js';
import type { UpdateLeadAnswer, UpdateLeadRequest } from '../service/leads/update-lead.js';
import type { DismissOfferAnswer, DismissOfferRequest } from '../service/offers/dismiss-offer.js';
import type {
  FeatureInterestAnswer,
  FeatureInterestRequest,
} from '../service/offers/record-feature-interest.js';
import type {
  RecordOfferEventsAnswer,
  RecordOfferEventsRequest,
} from '../service/offers/record-offer-events.js';
import type { SaveOfferRuleAnswer, SaveOfferRuleRequest } from '../service/offers/save-offer-rule.js';
import type { PlaceOrderAnswer, PlaceOrderRequest } from '../service/place-order.js';
import type { OrderPreview } from '../service/preview-order.js';
import type { AcceptQuoteRequest } from '../service/quotes/accept-quote.js';
import type { CreateQuoteRequest } from '../service/quotes/create-quote.js';
import type { ApproveQuoteRequest, QuoteStepRequest } from '../service/quotes/decide-quote.js';
import type { QuoteAnswer } from '../service/quotes/quote-answer.js';
import type { ReviseQuoteRequest } from '../service/quotes/revise-quote.js';
import type { Deliveries } from './deliveries/deliveries.js';
import type { Loaders } from './loaders.js';
import type { Reader } from './reader.js';

/** The use cases, bound to the viewer of the request. */
export interface UseCases {
  previewOrder(request: AccountRequest): Promise<OrderPreview>;
  placeOrder(request: PlaceOrderRequest): Promise<PlaceOrderAnswer>;
  openSandboxAccount(request: OpenSandboxAccountRequest): Promise<OpenSandboxAccountAnswer>;
  setContact(request: SetContactRequest): Promise<SetContactAnswer>;
  createQuote(request: CreateQuoteRequest): Promise<QuoteAnswer>;
  reviseQuote(request: ReviseQuoteRequest): Promise<QuoteAnswer>;
  approveQuote(request: ApproveQuoteRequest): Promise<QuoteAnswer>;
  sendQuote(request: QuoteStepRequest): Promise<QuoteAnswer>;
  acceptQuote(request: AcceptQuoteRequest): Promise<QuoteAnswer>;
  declineQuote(request: QuoteStepRequest): Promise<QuoteAnswer>;
  startCheckout(request: StartCheckoutRequest): Promise<CheckoutAnswer>;
  completeCheckout(request: CompleteCheckoutRequest): Promise<CheckoutAnswer>;
  requestSalesContact(request: SalesContactRequest): Promise<SalesContactAnswer>;
  updateLead(request: UpdateLeadRequest): Promise<UpdateLeadAnswer>;
  setLeadPolicy(request: SetLeadPolicyRequest): Promise<SetLeadPolicyAnswer>;
  saveOfferRule(request: SaveOfferRuleRequest): Promise<SaveOfferRuleAnswer>;
  dismissOffer(request: DismissOfferRequest): Promise<DismissOfferAnswer>;
  recordOfferEvents(request: RecordOfferEventsRequest): Promise<RecordOfferEventsAnswer>;
  recordFeatureInterest(request: FeatureInterestRequest): Promise<FeatureInterestAnswer>;
}

/** What every resolver of orders gets with a request. */
export interface Context extends UseCases {
  readonly viewer: Viewer;
  readonly reader: Reader;
  readonly loaders: Loaders;
  readonly deliveries: Deliveries;
  /** The day that it is by the system's clock (UTC): the price list knows no time zone. */
  readonly today: () => Promise<LocalDate>;
  /** The instant that it is by an account's own clock. */
  readonly now: (accountId: string) => Promise<Date>;
}

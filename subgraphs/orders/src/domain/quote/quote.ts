import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { OrderRequest } from '../order/judge.js';
import type { OrderParties } from '../order/order.js';
import type { DayOfOrder, FrozenDraft } from './frozen-draft.js';
import type { QuoteState, QuoteStep } from './lifecycle.js';

/** What a quote offers: an order as it is asked for. The total that a caller expects is that of the quote itself. */
export type QuotedRequest = Omit<OrderRequest, 'expectedTotal'>;

/** That a step was taken: who, when and why. Never changed. */
export interface QuoteEvent {
  readonly step: QuoteStep;
  readonly at: Date;
  /** The audience and subject of who took it, for example `internal:jane`. */
  readonly by: string;
  readonly reason: string | null;
}

/**
 * One revision of a quote: an order that is not yet accepted, with the prices that it froze. A revision is never changed;
 * a newer one takes its place.
 */
export interface Quote extends OrderParties {
  readonly id: string;
  /** The id of the first revision: its own for that one. */
  readonly firstRevisionId: string;
  /** The same for all revisions. */
  readonly number: string;
  /** From 1. */
  readonly revision: number;
  readonly state: QuoteState;
  readonly request: QuotedRequest;
  readonly draft: FrozenDraft;
  /** The first day on which it can no longer be accepted, in the account's billing time zone. */
  readonly validUntil: LocalDate;
  /** The instant at which that day begins. */
  readonly expiresAt: Date;
  /** Whether a discount is above the limit that held when it was made. */
  readonly needsApproval: boolean;
  readonly createdAt: Date;
  /** The audience and subject of who made it, for example `internal:jane`. */
  readonly createdBy: string;
  /** Which audience its maker belongs to: discounts and commercial terms hold for internal makers alone. */
  readonly createdFrom: QuoteMaker;
  /** In the order in which they were taken. */
  readonly events: readonly QuoteEvent[];
  /** The order that it became. */
  readonly orderId: string | null;
}

/** Who makes quotes: our own people, and partners for their sales. */
export type QuoteMaker = Exclude<Viewer['audience'], 'product'>;

/** The number to quote in a conversation. */
export function quoteNumber(sequence: bigint): string {
  return `Q-${sequence.toString().padStart(8, '0')}`;
}

/** Whether the order is for a day that was asked for, or for the day on which the quote is accepted. */
export function dayOf({ request }: Pick<Quote, 'request'>): DayOfOrder {
  return request.effectiveDate == null ? 'WHEN_PLACED' : 'FIXED';
}

/** A quote after a step that was taken. */
export function afterStep(quote: Quote, state: QuoteState, event: QuoteEvent): Quote {
  return { ...quote, state, events: [...quote.events, event] };
}

import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { OrderRequest } from '../order/judge.js';
import type { OrderParties } from '../order/order.js';
import { type QuoteError, statusError } from './errors.js';
import type { FrozenDraft } from './frozen-draft.js';
import { type QuoteState, type QuoteStep, stateAfter, statusAt } from './lifecycle.js';

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
  /** Who made this revision: discounts and commercial terms hold for our own people alone. */
  readonly maker: QuoteMaker;
  /** The partner in whose name the first revision was made: it sells. Null when we do, or the subscription says who does. */
  readonly sellerId: string | null;
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

/** The account and all parties of the order that it would become. */
export function isSameSale(left: OrderParties, right: OrderParties): boolean {
  return (
    left.accountId === right.accountId &&
    left.invoiceOwnerAccountId === right.invoiceOwnerAccountId &&
    left.partnerId === right.partnerId &&
    left.distributorId === right.distributorId
  );
}

/**
 * A quote after a step, when it can be taken at the instant of the event by the account's clock; else why not. Neither
 * approval nor who may take it is asked here.
 */
export function takeStep(quote: Quote, event: QuoteEvent): Result<Quote, QuoteError> {
  const status = statusAt(quote, event.at);
  const state = stateAfter(status, event.step);
  return state === null
    ? err(statusError(status))
    : ok({ ...quote, state, events: [...quote.events, event] });
}

/** The version of what is told of it: 1 when it is made, and one more with each step. */
export function versionOf({ events }: Pick<Quote, 'events'>): number {
  return events.length + 1;
}

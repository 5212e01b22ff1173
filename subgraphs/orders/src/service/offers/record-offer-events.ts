import { personOf } from '@fulfillment/kernel/domain/viewer';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { lineFault } from '@fulfillment/kernel/domain/line-of-text';
import { type OfferError, offerError } from '../../domain/offers/errors.js';
import { idempotencyKeyLength } from '../../domain/order/text.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { findOffers, type FoundOffer } from './find-offer.js';
import type { OfferEvent } from './ports.js';

/** An event as a client tells it. */
export interface ToldOfferEvent {
  readonly eventId: string;
  readonly offerId: string;
  readonly kind: 'SHOWN' | 'CLICKED';
  readonly occurredAt?: Date | null;
}

export interface RecordOfferEventsRequest extends Keyed {
  readonly events: readonly ToldOfferEvent[];
}

/** How many events were new, or what is wrong with them. It is kept with the key, so it is plain JSON. */
export interface RecordOfferEventsAnswer {
  readonly recordedCount: number | null;
  readonly errors: readonly OfferError[];
}

const mostEvents = 500;
const millisecondsOfWeek = 7 * 86_400_000;

/** Records what clients tell of offers: all of it or, when one event is wrong, nothing. */
export async function recordOfferEvents(
  run: RunTransaction,
  asking: Asking,
  request: RecordOfferEventsRequest,
): Promise<RecordOfferEventsAnswer> {
  const { events } = request;
  if (events.length < 1 || events.length > mostEvents) {
    return refused([offerError('INVALID_VALUE', ['events'], `Give 1 to ${mostEvents} events.`)]);
  }
  return callOnce(
    run,
    asking,
    'recordOfferEvents',
    request,
    (unit) => record(unit, asking, events),
    (error) => refused([error]),
  );
}

async function record(
  unit: UnitOfWork,
  asking: Asking,
  told: readonly ToldOfferEvent[],
): Promise<RecordOfferEventsAnswer> {
  const found = await findOffers(
    unit,
    asking,
    told.map(({ offerId }) => offerId),
  );
  const clocks = await clocksOf(unit, found);
  const read = told.map((event, index) => readEvent(event, index, found[index] ?? null, clocks));
  const errors = read.flatMap((one) => ('errors' in one ? one.errors : []));
  if (errors.length > 0) return refused(errors);
  const by = personOf(asking.viewer);
  const events = read.flatMap((one) => ('event' in one ? [{ ...one.event, by, orderId: null }] : []));
  return { recordedCount: await unit.offers.addEvents(events), errors: [] };
}

/** The present instant of each account, by its own clock. */
async function clocksOf(
  { clock }: UnitOfWork,
  found: readonly (FoundOffer | null)[],
): Promise<ReadonlyMap<string, Date>> {
  const accounts = new Set(found.flatMap((one) => (one === null ? [] : [one.deployment.accountId])));
  const instants = [...accounts].map(async (id) => [id, await clock.now(id)] as const);
  return new Map(await Promise.all(instants));
}

type ReadEvent = { readonly event: Omit<OfferEvent, 'by' | 'orderId'> } | { readonly errors: OfferError[] };

function readEvent(
  { eventId, kind, occurredAt = null }: ToldOfferEvent,
  index: number,
  found: FoundOffer | null,
  clocks: ReadonlyMap<string, Date>,
): ReadEvent {
  const field = ['events', index];
  const fault = lineFault(eventId, 'eventId', idempotencyKeyLength);
  const invalid = fault === null ? [] : [offerError('INVALID_VALUE', [...field, 'eventId'], fault)];
  if (found === null) return { errors: [...invalid, offerError('OFFER_NOT_FOUND', [...field, 'offerId'])] };
  const { accountId } = found.deployment;
  const now = clocks.get(accountId) ?? new Date(0);
  const at = occurredAt ?? now;
  const errors = [...invalid, ...timeErrors(at, now, [...field, 'occurredAt'])];
  if (errors.length > 0) return { errors };
  return {
    event: { ...found.reference, id: derivedId('offer-event', accountId, eventId), kind, accountId, at },
  };
}

function timeErrors(at: Date, now: Date, field: readonly (string | number)[]): OfferError[] {
  const age = now.getTime() - at.getTime();
  if (age >= 0 && age <= millisecondsOfWeek) return [];
  return [offerError('INVALID_VALUE', field, '`occurredAt` must be at most 7 days ago, and not ahead.')];
}

function refused(errors: readonly OfferError[]): RecordOfferEventsAnswer {
  return { recordedCount: null, errors };
}

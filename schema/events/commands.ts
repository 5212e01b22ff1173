import { z } from 'zod';
import { serviceNames } from './topics.js';

const service = z.enum(serviceNames);

/** Which events of one producer are meant: by their ids, or a stretch of one topic. */
export const eventSelection = z.discriminatedUnion('by', [
  z.object({ by: z.literal('IDS'), ids: z.array(z.uuid()).min(1) }),
  z.object({
    by: z.literal('RANGE'),
    topic: z.string(),
    /** All of the topic's aggregates when null. */
    aggregateId: z.string().nullable(),
    /** Occurred from this instant on. */
    from: z.iso.datetime().nullable(),
    /** Occurred before this instant. */
    until: z.iso.datetime().nullable(),
    /** From this version or number on. */
    fromSequence: z.number().int().nullable(),
    /** Up to this version or number, and including it. */
    toSequence: z.number().int().nullable(),
  }),
]);
export type EventSelection = z.infer<typeof eventSelection>;

/** What one service asks of another over the bus, on behalf of operations; the kernel obeys in every service alike. */
export const command = z.discriminatedUnion('kind', [
  /** To a producer: send these events again, to one consumer or (null) to all. The answer goes to the bus's board. */
  z.object({
    kind: z.literal('REDELIVER'),
    id: z.uuid(),
    events: eventSelection,
    consumer: service.nullable(),
  }),
  /** To a consumer: drop what you keep of a topic and build it again. */
  z.object({ kind: z.literal('REBUILD'), id: z.uuid(), topic: z.string() }),
  /** To a producer: send the newest snapshot of each aggregate (of facts: all) to a consumer that rebuilds. */
  z.object({
    kind: z.literal('SEND_TOPIC'),
    rebuildId: z.uuid(),
    topic: z.string(),
    consumer: service,
  }),
  /** To the consumer: how many there are to be taken in; `complete` when all of them were sent. */
  z.object({
    kind: z.literal('TOPIC_SENT'),
    rebuildId: z.uuid(),
    expected: z.number().int().nonnegative(),
    complete: z.boolean(),
  }),
]);
export type Command = z.infer<typeof command>;

/** Why a producer sends nothing again. */
export const redeliveryRefusals = [
  'EVENT_UNKNOWN',
  'EVENT_NOT_CONSUMED',
  'RANGE_EMPTY',
  'TOO_MANY_EVENTS',
] as const;

/** What a producer says of a request to send events again. */
export type RedeliveryAnswer =
  | { readonly ok: true; readonly sent: number }
  | { readonly ok: false; readonly reason: (typeof redeliveryRefusals)[number]; readonly message: string };

/** One request sends at most so many events again. */
export const redeliveryLimit = 10_000;

import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Quote } from '../../domain/quote/quote.js';

export interface QuoteStore {
  /** Never gives a number twice; a number whose quote is not kept is missing for good. */
  nextNumber(): Promise<bigint>;
  add(quote: Quote): Promise<void>;
  /** As it stands, locked until the transaction ends; null when there is none that the viewer may see at `at`. */
  lock(viewer: Viewer, at: Date, id: string): Promise<Quote | null>;
  /** Writes the newest step of a quote, and what it has made of it. */
  record(quote: Quote): Promise<void>;
}

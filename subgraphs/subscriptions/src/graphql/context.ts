import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Billing } from '../service/billing.js';
import type { Documents } from '../service/documents.js';
import type { MoveTestClockAnswer, MoveTestClockInput, TestClockState } from '../service/move-test-clock.js';
import type { BillingSubscription } from '../domain/subscription.js';
import type { SeatChangePreview } from '../service/preview-seat-change.js';
import type { TellFreshness } from './freshness.js';
import type { Loaders } from './loaders.js';
import type { Readers } from './readers.js';

/** What the resolvers of one request share. */
export interface Context {
  readonly viewer: Viewer;
  /** The id of the client's request, for logs and events. */
  readonly requestId: string;
  /** The present instant of an account (of the system with null), the same throughout the request. */
  readonly now: (accountId: string | null) => Promise<Date>;
  readonly tellFreshness: TellFreshness;
  readonly readers: Readers;
  readonly loaders: Loaders;
  readonly documents: Documents;
  readonly billing: Billing;
  readonly previewSeatChange: (
    subscription: BillingSubscription,
    addUsers: number,
    at: Date,
  ) => Promise<SeatChangePreview>;
  readonly moveTestClock: (input: MoveTestClockInput) => Promise<MoveTestClockAnswer>;
  /** Null when the account has no test clock. */
  readonly testClock: (accountId: string) => Promise<TestClockState | null>;
}

import type { Account } from '../domain/account.js';
import type { KeptDraft } from '../domain/receivables/kept-draft.js';
import type { DueRows } from './due-work-ports.js';

/** A draft that is held until the transaction ends. */
export interface HeldDraft {
  readonly draft: KeptDraft;
  /** True when somebody threw it away: it is made anew before anything else. */
  readonly discarded: boolean;
}

/** Whose invoices are looked at before they are posted: all of a legal entity's, or those of one account. */
export type ReviewScope =
  { readonly kind: 'LEGAL_ENTITY'; readonly id: string } | { readonly kind: 'ACCOUNT'; readonly id: string };

/** For how many days; with 0 they are posted at once. */
export interface ReviewPeriod {
  readonly scope: ReviewScope;
  readonly days: number;
  readonly setBy: string;
  readonly setAt: Date;
}

/** Invoices that billing runs made and that are not posted yet; they are due when they are to be posted or made anew. */
export interface Drafts extends DueRows<HeldDraft> {
  /** Keeps drafts, replacing what was kept under the same ids. */
  put(drafts: readonly KeptDraft[]): Promise<void>;
  /** A draft, locked until the transaction ends; null when there is none. */
  lock(id: string): Promise<HeldDraft | null>;
  /** The drafts of subscriptions, locked until the transaction ends, the oldest first. */
  lockOf(subscriptionIds: readonly string[]): Promise<HeldDraft[]>;
  /** When the next draft of an account is to be posted or made anew; null when it has none. */
  nextDueOf(accountId: string): Promise<Date | null>;
  remove(ids: readonly string[]): Promise<void>;
  /** Marks a draft as thrown away: the next run makes it anew. */
  discard(id: string, person: string, at: Date): Promise<void>;
  /** By account, for how many days its drafts are looked at: what is set for itself, or else for its legal entity. 0 has no entry. */
  reviewDays(
    accounts: readonly Pick<Account, 'id' | 'legalEntityCode'>[],
  ): Promise<ReadonlyMap<string, number>>;
  setReviewPeriod(period: ReviewPeriod): Promise<void>;
}

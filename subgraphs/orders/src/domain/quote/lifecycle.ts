/** Where a revision of a quote stands at an instant. */
export type QuoteStatus = 'DRAFT' | 'SENT' | 'ACCEPTED' | 'DECLINED' | 'EXPIRED' | 'SUPERSEDED';

/** What its steps have made of it. That it has expired follows from the instant, and is not kept. */
export type QuoteState = Exclude<QuoteStatus, 'EXPIRED'>;

/** What somebody does with a revision. A newer revision supersedes it. */
export const quoteSteps = ['APPROVE', 'REJECT', 'SEND', 'ACCEPT', 'DECLINE', 'SUPERSEDE'] as const;
export type QuoteStep = (typeof quoteSteps)[number];

/**
 * The one table of a quote's lifecycle: what each step makes of it; a step that is missing cannot be taken. What was
 * accepted or superseded stays so. What has expired or was declined can still be revised.
 */
const transitions: Readonly<Record<QuoteStatus, Readonly<Partial<Record<QuoteStep, QuoteState>>>>> = {
  DRAFT: { APPROVE: 'DRAFT', REJECT: 'DRAFT', SEND: 'SENT', SUPERSEDE: 'SUPERSEDED' },
  SENT: { ACCEPT: 'ACCEPTED', DECLINE: 'DECLINED', SUPERSEDE: 'SUPERSEDED' },
  DECLINED: { SUPERSEDE: 'SUPERSEDED' },
  EXPIRED: { SUPERSEDE: 'SUPERSEDED' },
  ACCEPTED: {},
  SUPERSEDED: {},
};

/** As much of a quote as decides on its status. */
export interface Standing {
  readonly state: QuoteState;
  /** The first instant at which it can no longer be accepted. */
  readonly expiresAt: Date;
}

/** Where it stands at an instant by its account's clock. Nothing that was decided expires. */
export function statusAt({ state, expiresAt }: Standing, now: Date): QuoteStatus {
  const isOpen = state === 'DRAFT' || state === 'SENT';
  return isOpen && now.getTime() >= expiresAt.getTime() ? 'EXPIRED' : state;
}

/** What a step makes of it; null when it cannot be taken. */
export function stateAfter(status: QuoteStatus, step: QuoteStep): QuoteState | null {
  return transitions[status][step] ?? null;
}

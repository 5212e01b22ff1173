import { type QuoteError, quoteError } from './errors.js';
import type { Quote } from './quote.js';

/** Whether a second person has to approve a quote before it is sent, and did. */
export type QuoteApproval = 'NOT_NEEDED' | 'NEEDED' | 'APPROVED' | 'REFUSED';

type Approvable = Pick<Quote, 'needsApproval' | 'events' | 'createdBy'>;

/** Where the approval of a quote stands. */
export function approvalOf({ needsApproval, events }: Omit<Approvable, 'createdBy'>): QuoteApproval {
  if (!needsApproval) return 'NOT_NEEDED';
  if (events.some(({ step }) => step === 'APPROVE')) return 'APPROVED';
  return events.some(({ step }) => step === 'REJECT') ? 'REFUSED' : 'NEEDED';
}

/** Why a person may not decide on a quote; null when they may. A decision is made once. */
export function decisionError(quote: Approvable, person: string): QuoteError | null {
  if (approvalOf(quote) !== 'NEEDED') return quoteError('APPROVAL_NOT_NEEDED', ['quoteId']);
  if (quote.createdBy !== person) return null;
  return quoteError(
    'APPROVAL_BY_SAME_PERSON',
    ['quoteId'],
    'You made this quote yourself: another person has to approve it.',
  );
}

/** Why a quote may not be sent for want of an approval; null when it may. */
export function unapprovedError(quote: Omit<Approvable, 'createdBy'>): QuoteError | null {
  switch (approvalOf(quote)) {
    case 'NEEDED':
      return quoteError('APPROVAL_NEEDED', ['quoteId']);
    case 'REFUSED':
      return quoteError('APPROVAL_REFUSED', ['quoteId']);
    case 'APPROVED':
    case 'NOT_NEEDED':
      return null;
  }
}

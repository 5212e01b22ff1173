import type { OrderStatus } from './status.js';

/** What an order may wait for: the catalog. The codes are those of `OrderNoticeCode` in the contract. */
const noticeTexts = {
  SOLD_TO_CONTACT_MISSING:
    'Nobody at the account receives licenses: what is issued for it waits until the account or our people name somebody with setContact (SOLD_TO).',
} as const;

export interface OrderNotice {
  readonly code: keyof typeof noticeTexts;
  /** What it means, and who can mend it how. */
  readonly message: string;
}

/**
 * What an order waits for although nothing is wrong with it. A license is issued without anybody to receive it, so that counts
 * after the order was fulfilled too; an order that was refused brings none.
 */
export function noticesOf(
  { status }: { readonly status: OrderStatus },
  { hasSoldTo }: { readonly hasSoldTo: boolean },
): OrderNotice[] {
  return status === 'REFUSED' || hasSoldTo ? [] : [notice('SOLD_TO_CONTACT_MISSING')];
}

function notice(code: OrderNotice['code']): OrderNotice {
  return { code, message: noticeTexts[code] };
}

/** Where a checkout stands. */
export const checkoutStatuses = [
  'OPEN',
  'PAID',
  'COMPLETED',
  'DECLINED',
  'EXPIRED',
  'REFUNDING',
  'REFUNDED',
] as const;
export type CheckoutStatus = (typeof checkoutStatuses)[number];

/** What happens to a checkout. */
export const checkoutSteps = [
  'ORDER_PLACED',
  'ORDER_REFUSED',
  'PAYMENT_DECLINED',
  'PAYMENT_EXPIRED',
  'ORDER_CARRIED_OUT',
  'MONEY_REFUNDED',
] as const;
export type CheckoutStep = (typeof checkoutSteps)[number];

/**
 * The one table of a checkout's lifecycle; a step that is missing cannot happen. Every status that holds somebody's money
 * (PAID without an order that was carried out, REFUNDING) leads on, and is carried on until it has.
 */
const transitions: Readonly<Record<CheckoutStatus, Readonly<Partial<Record<CheckoutStep, CheckoutStatus>>>>> =
  {
    OPEN: {
      ORDER_PLACED: 'PAID',
      ORDER_REFUSED: 'REFUNDING',
      PAYMENT_DECLINED: 'DECLINED',
      PAYMENT_EXPIRED: 'EXPIRED',
    },
    PAID: { ORDER_CARRIED_OUT: 'COMPLETED', ORDER_REFUSED: 'REFUNDING' },
    REFUNDING: { MONEY_REFUNDED: 'REFUNDED' },
    COMPLETED: {},
    DECLINED: {},
    EXPIRED: {},
    REFUNDED: {},
  };

/** What a step makes of it; null when it cannot happen. */
export function checkoutAfter(status: CheckoutStatus, step: CheckoutStep): CheckoutStatus | null {
  return transitions[status][step] ?? null;
}

/** Those that have to be carried on. */
export const unfinishedCheckouts: readonly CheckoutStatus[] = checkoutStatuses.filter(
  (status) => Object.keys(transitions[status]).length > 0,
);

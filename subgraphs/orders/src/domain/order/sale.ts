import { type GivenAction, givenAction, type OrderActionInput } from './actions/index.js';
import { type FieldPath, type OrderError, orderError } from './errors.js';
import type { OrderFacts, Sale } from './facts.js';

type SaleFacts = Pick<OrderFacts, 'buyer' | 'subscriptions'>;

/** Who sells and who pays: as the first action says that is for a subscription that is known, or for a new one. */
export function saleOf(actions: readonly OrderActionInput[], facts: SaleFacts): Sale {
  const [first] = actions.flatMap((entry) => {
    const action = givenAction(entry);
    return action === null ? [] : (saleOfAction(action, facts) ?? []);
  });
  return first ?? facts.buyer;
}

/** The sale that an action belongs to: of what it changes, or of what is sold anew. Null for an unknown subscription. */
function saleOfAction(action: GivenAction, { buyer, subscriptions }: SaleFacts): Sale | null {
  return action.kind === 'CREATE' ? buyer : (subscriptions.get(action.subscriptionId) ?? null);
}

/** What is wrong when an action belongs to another sale than its order: an order has one who pays, and one who sells. */
export function judgeSale(
  action: GivenAction,
  facts: SaleFacts,
  sale: Sale,
  path: FieldPath,
): OrderError | null {
  const own = saleOfAction(action, facts);
  if (own === null) return null;
  const { parties } = sale;
  const isSame =
    own.parties.invoiceOwnerAccountId === parties.invoiceOwnerAccountId &&
    own.parties.partnerId === parties.partnerId;
  if (!isSame) {
    const message = 'It is paid for by another account, or sold by another partner: order it by itself.';
    return orderError('INVOICE_OWNER_MISMATCH', path, message);
  }
  const agreed = action.kind === 'CHANGE' ? facts.subscriptions.get(action.subscriptionId)?.agreement : null;
  if (agreed == null || agreed.currency === sale.invoiceOwner.currency) return null;
  const message = `It is billed in ${agreed.currency}, the account that pays in ${sale.invoiceOwner.currency}: ask sales.`;
  return orderError('CURRENCY_MISMATCH', path, message);
}

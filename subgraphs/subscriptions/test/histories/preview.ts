import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import { applyAction } from '@fulfillment/kernel/domain/agreement/actions/index';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import type { AgreementRefusalCode } from '@fulfillment/kernel/domain/agreement/refusal';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type BilledLine, grossOf, taxed } from '../../src/domain/billed-line.js';
import type { HeldContract } from '../../src/domain/fulfillment.js';
import type { PlacedOrder } from '../../src/domain/placed-order.js';

export const subscriptionId = 'subscription';

/** An order as orders reads it: with every line, or with the reason for which it is not taken. */
export interface Preview {
  readonly order: PlacedOrder;
  readonly refusal: AgreementRefusalCode | null;
}

/** What is ordered, by whom and when. */
export interface Wanted {
  readonly id: string;
  readonly on: LocalDate;
  /** In the time zone of who has the subscription. */
  readonly today: LocalDate;
  readonly now: Date;
  /** Each action, of the agreement as the ones before left it. */
  readonly actions: readonly ((agreement: Agreement | null) => AgreementAction)[];
  readonly accountId: string;
  readonly rate: TaxRate;
}

/** Previews and freezes an order just as orders does: what it shows is what it places. */
export function previewOf(wanted: Wanted, agreement: Agreement, held: HeldContract | null): Preview {
  const { on, today } = wanted;
  const changes: AgreementAction[] = [];
  const charges: BilledLine[] = [];
  let standing = held?.head.agreement ?? null;
  for (const actionFor of wanted.actions) {
    const change = actionFor(standing);
    const after = applyAction(standing, change, on);
    changes.push(change);
    if (!after.ok)
      return { order: placed(wanted, agreement, held, { changes, charges }), refusal: after.error.code };
    const billingDay = compareDates(today, on) > 0 ? today : on;
    const lines = changeLines({ before: standing, after: after.value, on, today: billingDay });
    charges.push(...lines.map((line) => taxed(subscriptionId, line, wanted.rate)));
    standing = after.value;
  }
  return { order: placed(wanted, agreement, held, { changes, charges }), refusal: null };
}

interface Priced {
  readonly changes: readonly AgreementAction[];
  readonly charges: readonly BilledLine[];
}

function placed(
  { id, on, now, accountId }: Wanted,
  { currency }: Agreement,
  held: HeldContract | null,
  { changes, charges }: Priced,
): PlacedOrder {
  return {
    id,
    accountId,
    invoiceOwnerAccountId: accountId,
    partnerId: null,
    distributorId: null,
    currency,
    effectiveDate: on,
    placedAt: now,
    placedBy: 'person',
    actions: changes.map((change, index) => ({
      id: `${id}-${index + 1}`,
      position: index + 1,
      subscriptionId,
      baseVersion: held?.head.version ?? null,
      deployment: held === null ? { id: 'one', kind: 'SAAS_NAMESPACE', externalId: '1', name: 'One' } : null,
      change,
    })),
    charges,
    total: grossOf(charges, currency),
  };
}

import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { usualPriority } from '../allowance/ledger.js';
import { refusal, type Refusal } from '../refusal.js';
import type { FeatureKind } from './features/index.js';
import type { EntitlementGrant } from './grant.js';

/** How much is granted, as it is asked for. */
export interface GivenAmount {
  readonly quantity: number | null;
  readonly unlimited: boolean;
  readonly priority: number | null;
  readonly rolloverCap: number | null;
}

/** What holds instead, as it is asked for. */
export interface GivenOverride extends Pick<GivenAmount, 'quantity' | 'unlimited'> {
  readonly enabled: boolean | null;
}

type Amount = Pick<EntitlementGrant, 'enabled' | 'quantity' | 'priority' | 'rolloverCap'>;

const highestPriority = 1_000;

/** What a grant of a feature of this kind brings. Refuses what the kind does not have, and a quantity that is not 1 or more. */
export function grantAmount(kind: FeatureKind, given: GivenAmount): Result<Amount, Refusal> {
  const { priority, rolloverCap } = given;
  if (kind !== 'METERED_ALLOWANCE' && (priority !== null || rolloverCap !== null)) {
    const field = priority === null ? 'rolloverCap' : 'priority';
    return err(refusal('INVALID_VALUE', [field], `\`${field}\` is for allowances alone; leave it out.`));
  }
  if (priority !== null && (priority < 1 || priority > highestPriority)) {
    return err(refusal('INVALID_VALUE', ['priority'], `\`priority\` must be from 1 to ${highestPriority}.`));
  }
  if (rolloverCap !== null && rolloverCap < 0) {
    return err(refusal('INVALID_VALUE', ['rolloverCap'], '`rolloverCap` must be 0 or more.'));
  }
  const quantity = quantityOf(kind, given, 1);
  if (!quantity.ok) return quantity;
  return ok({ enabled: true, quantity: quantity.value, priority: priority ?? usualPriority, rolloverCap });
}

/** What an override of a feature of this kind says. Refuses what the kind does not have, and what it asks for and is not given. */
export function overrideAmount(kind: FeatureKind, given: GivenOverride): Result<Amount, Refusal> {
  if ((kind === 'ON_OFF') !== (given.enabled !== null)) {
    const message =
      kind === 'ON_OFF'
        ? '`enabled` must say whether the feature is unlocked.'
        : '`enabled` is for what is unlocked or not; give `quantity`.';
    return err(refusal('INVALID_VALUE', ['enabled'], message));
  }
  const quantity = quantityOf(kind, given, 0);
  if (!quantity.ok) return quantity;
  const enabled = given.enabled ?? true;
  return ok({ enabled, quantity: quantity.value, priority: usualPriority, rolloverCap: null });
}

function quantityOf(
  kind: FeatureKind,
  { quantity, unlimited }: Pick<GivenAmount, 'quantity' | 'unlimited'>,
  least: number,
): Result<number | null, Refusal> {
  if (unlimited && (kind !== 'LIMIT' || quantity !== null)) {
    const message = '`unlimited` is for limits alone, and without `quantity`.';
    return err(refusal('INVALID_VALUE', ['unlimited'], message));
  }
  if (kind === 'ON_OFF') {
    if (quantity === null) return ok(null);
    return err(
      refusal('INVALID_VALUE', ['quantity'], 'The feature is unlocked or not: leave `quantity` out.'),
    );
  }
  if (unlimited) return ok(null);
  if (quantity === null || quantity < least) {
    return err(refusal('INVALID_VALUE', ['quantity'], `\`quantity\` must be ${least} or more.`));
  }
  return ok(quantity);
}

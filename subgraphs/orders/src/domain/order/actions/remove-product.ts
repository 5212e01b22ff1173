import type { ChangeTime } from '@fulfillment/kernel/domain/agreement/actions/action';
import { ok } from '@fulfillment/kernel/domain/result';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** An add-on to be removed. */
export interface RemoveProductInput extends ChangeInput {
  readonly productCode: string;
  readonly when?: ChangeTime | null;
}

/** From the next term on, unless it is asked for at once. */
export const removeProduct: ReadChange<RemoveProductInput> = ({ productCode, when }) =>
  ok({ kind: 'REMOVE_PRODUCT', productCode, when: when ?? 'RENEWAL' });

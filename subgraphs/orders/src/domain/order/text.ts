import { lineFault, type TextLength } from '@fulfillment/kernel/domain/line-of-text';
import { type FieldPath, type InvalidValue, orderError } from './errors.js';

export const idempotencyKeyLength: TextLength = { minimum: 8, maximum: 255 };
export const purchaseOrderNumberLength: TextLength = { minimum: 1, maximum: 64 };
export const externalIdLength: TextLength = { minimum: 1, maximum: 255 };
export const deploymentNameLength: TextLength = { minimum: 1, maximum: 255 };

/** What is wrong with a text from outside; null when it can be stored and shown as it is. */
export function textError(text: string, field: FieldPath, length: TextLength): InvalidValue | null {
  const fault = lineFault(text, String(field.at(-1)), length);
  return fault === null ? null : orderError('INVALID_VALUE', field, fault);
}

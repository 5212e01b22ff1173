import { lineFault, type TextLength } from '@fulfillment/kernel/domain/line-of-text';
import { refusal, type Refusal } from './refusal.js';

export const keyLength: TextLength = { minimum: 8, maximum: 255 };
const lineLength: TextLength = { minimum: 1, maximum: 255 };

/** What is wrong with a line of text from outside; null when it can be stored and shown as it is. */
export function textRefusal(text: string, field: string, length: TextLength = lineLength): Refusal | null {
  const fault = lineFault(text, field, length);
  return fault === null ? null : refusal('INVALID_VALUE', [field], fault);
}

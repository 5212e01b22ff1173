import { type FieldPath, type InvalidValue, orderError } from './errors.js';

/** How long a text may be, in UTF-16 units as GraphQL clients count them. */
export interface TextLength {
  readonly minimum: number;
  readonly maximum: number;
}

export const idempotencyKeyLength: TextLength = { minimum: 8, maximum: 255 };
export const purchaseOrderNumberLength: TextLength = { minimum: 1, maximum: 64 };
export const externalIdLength: TextLength = { minimum: 1, maximum: 255 };
export const deploymentNameLength: TextLength = { minimum: 1, maximum: 255 };

/**
 * Control and invisible format characters, line separators and halves of surrogate pairs: nothing that a person means to
 * write in one line, and the means by which two texts look alike and are not.
 */
const unwritable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What is wrong with a text from outside; null when it can be stored and shown as it is. */
export function textError(
  text: string,
  field: FieldPath,
  { minimum, maximum }: TextLength,
): InvalidValue | null {
  const name = field.at(-1);
  if (text.length < minimum || text.length > maximum) {
    return orderError('INVALID_VALUE', field, `\`${name}\` must have ${minimum} to ${maximum} characters.`);
  }
  if (unwritable.test(text) || text.trim() !== text || text.normalize('NFC') !== text) {
    const message =
      `\`${name}\` must not have control or invisible characters, nor white space at its ends, ` +
      'and letters with accents must be written as one character (Unicode NFC).';
    return orderError('INVALID_VALUE', field, message);
  }
  return null;
}

import { refusal, type Refusal } from './refusal.js';

/** How long a text may be, in UTF-16 units as GraphQL clients count them. */
export interface TextLength {
  readonly least: number;
  readonly most: number;
}

export const keyLength: TextLength = { least: 8, most: 255 };
export const lineLength: TextLength = { least: 1, most: 255 };

/** Control and invisible format characters, line separators and halves of surrogate pairs. */
const unwritable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What is wrong with a line of text from outside; null when it can be stored and shown as it is. */
export function textRefusal(
  text: string,
  field: string,
  { least, most }: TextLength = lineLength,
): Refusal | null {
  const isFit = text.length >= least && text.length <= most;
  if (isFit && !unwritable.test(text) && text.trim() === text) return null;
  const message = `\`${field}\` must have ${least} to ${most} characters, none invisible, and no blanks at its ends.`;
  return refusal('INVALID_VALUE', [field], message);
}

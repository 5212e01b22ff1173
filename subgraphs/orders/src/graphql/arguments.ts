import { InputError } from '@fulfillment/kernel/server/input-error';

const longestText = 255;

/** A text to look for. Throws an InputError ARGUMENT_INVALID. */
export function readOptionalText(field: string, text: string | null | undefined): string | null {
  if (text == null) return null;
  if (text.length <= longestText && !/[\p{Cc}\p{Cs}]/u.test(text)) return text;
  const message = `\`${field}\` must have at most ${longestText} characters and none that cannot be written.`;
  throw new InputError('ARGUMENT_INVALID', field, message);
}

/** A number within bounds. Throws an InputError ARGUMENT_INVALID. */
export function readWithin(field: string, value: number, smallest: number, largest: number): number {
  if (value >= smallest && value <= largest) return value;
  const message = `\`${field}\` must be from ${smallest} to ${largest}; it is ${value}.`;
  throw new InputError('ARGUMENT_INVALID', field, message);
}

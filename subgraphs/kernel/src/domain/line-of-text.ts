/** How long a text may be, in UTF-16 units as GraphQL clients count them. */
export interface TextLength {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Control and invisible format characters, line separators and halves of surrogate pairs: nothing that a person means to
 * write in one line, and the means by which two texts look alike and are not.
 */
const unwritable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * What is wrong with a line of text from outside, in a sentence that says how to mend it; null when it can be stored and
 * shown as it is.
 * @param name the input field that holds it
 */
export function lineFault(text: string, name: string, { minimum, maximum }: TextLength): string | null {
  if (text.length < minimum || text.length > maximum) {
    return `\`${name}\` must have ${minimum} to ${maximum} characters.`;
  }
  if (unwritable.test(text) || text.trim() !== text || text.normalize('NFC') !== text) {
    return (
      `\`${name}\` must not have control or invisible characters, nor white space at its ends, ` +
      'and letters with accents must be written as one character (Unicode NFC).'
    );
  }
  return null;
}

/**
 * An activation code as people read it: 25 characters of Crockford's base 32 (no I, L, O, U) in groups of five, which are 125
 * bits: `7K3QD-0VX9M-…`. Small letters, blanks and hyphens count for nothing, and a letter that looks like a digit is that
 * digit (I and L are 1, O is 0).
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 25;
const group = 5;
const bitsOfCharacter = 5;
const form = new RegExp(`^[${alphabet}]{${length}}$`);

/**
 * Writes random bytes as a code.
 * @param bytes at least 16; those that are not needed are left out
 */
export function codeText(bytes: Uint8Array): string {
  let characters = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= bitsOfCharacter && characters.length < length) {
      bits -= bitsOfCharacter;
      characters += alphabet.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  if (characters.length < length) throw new RangeError('A code needs at least 16 bytes');
  return grouped(characters);
}

/** The code that somebody meant, as `codeText` writes it; null for what can be none. */
export function readCode(text: string): string | null {
  if (text.length > 100) return null;
  const characters = text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0');
  return form.test(characters) ? grouped(characters) : null;
}

/** What may be shown of a code later on, to tell one from another: its last group. */
export function codeHint(code: string): string {
  return code.slice(-group);
}

function grouped(characters: string): string {
  return (characters.match(new RegExp(`.{${group}}`, 'g')) ?? []).join('-');
}

import { create, type Font } from 'fontkit';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Noto Sans (SIL Open Font License): Latin, Greek, Cyrillic and Devanagari. A document carries only the letters that it uses. */
const files = {
  regular: require.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'),
  semiBold: require.resolve('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf'),
};

/** Read once for all documents: to take a font apart costs more than to draw a page with it. */
export const fonts = {
  regular: openFont(files.regular),
  semiBold: openFont(files.semiBold),
};

export type FontName = keyof typeof fonts;

/** What stands for a letter that the fonts lack: the replacement character, which they draw as a diamond with a question mark. */
const placeholder = '\uFFFD';

const covered = coverage();

/**
 * A text as the fonts can print it, on one line: white space becomes a space, invisible characters go, a placeholder stands for
 * each letter that the fonts lack, and what is longer than `limit` letters ends with an ellipsis.
 */
export function printable(text: string, limit = 400): string {
  const visible = text
    .normalize('NFC')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Variation_Selector}]/gu, '')
    .trim();
  const letters = Array.from(visible, (letter) => (isCovered(letter) ? letter : placeholder));
  return letters.length > limit ? `${letters.slice(0, limit - 1).join('')}…` : letters.join('');
}

function isCovered(letter: string): boolean {
  return covered.has(letter.codePointAt(0) ?? 0);
}

function coverage(): ReadonlySet<number> {
  const semiBold = new Set(fonts.semiBold.characterSet);
  return new Set(fonts.regular.characterSet.filter((letter) => semiBold.has(letter)));
}

function openFont(path: string): Font {
  const font = create(readFileSync(path));
  if ('fonts' in font) throw new Error(`${path} is a collection of fonts`);
  return font;
}

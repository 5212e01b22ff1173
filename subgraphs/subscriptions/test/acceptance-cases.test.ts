import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Each billing case that we hold ourselves to, with the tests whose titles carry its number. */
const cases = JSON.parse(read('acceptance-cases.json')) as Readonly<Record<string, readonly string[]>>;

const exceptions = /## Cases that do not hold here\n(?<text>.*?)(?:\n## |$)/s.exec(read('../README.md'));

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/** True for a text in quotes that names the case: the title of a test, or of a row of its table. */
function isTitled(source: string, number: string): boolean {
  return new RegExp(String.raw`['"\x60][^'"\x60\n]*\b${number}\b`, 'm').test(source);
}

describe('acceptance cases of billing', () => {
  test.each(Object.entries(cases))('%s is the title of its tests', (number, files) => {
    expect(files.length).toBeGreaterThan(0);
    const untitled = files.filter((file) => !isTitled(read(`../../${file}`), number));
    expect(untitled).toEqual([]);
  });

  test('what holds only in part says so, with the reason, and is one of them', () => {
    const numbers = [...(exceptions?.groups?.['text'] ?? '').matchAll(/^\| (?<number>[A-F]\d+) +\|/gm)].map(
      ({ groups }) => groups?.['number'] ?? '',
    );
    expect(numbers).toEqual(['C22', 'D32']);
    expect(Object.keys(cases)).toEqual(expect.arrayContaining(numbers));
  });
});

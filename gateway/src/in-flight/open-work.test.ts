import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OpenWork, type Keyed } from './open-work.js';

interface Work extends Keyed<Work> {
  readonly number: number;
}

/** Few keys, some of which lie in one bucket: they differ where none of their characters is sampled. */
const long = (character: string) => `${'x'.repeat(48)}${character}${'x'.repeat(51)}`;
const keys = ['', 'a', 'b', long('a'), long('b'), long('c'), 'x'.repeat(100)];

it('finds what is under way as a Map does', () => {
  const step = fc.record({
    what: fc.constantFrom('add', 'remove', 'remove', 'clear' as const),
    key: fc.constantFrom(...keys),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const open = new OpenWork<Work>();
      const expected = new Map<string, Work>();
      const gone: Work[] = [];
      steps.forEach(({ what, key }, number) => {
        const known = expected.get(key);
        if (what === 'clear' && number % 5 === 0) {
          gone.push(...expected.values());
          open.clear();
          expected.clear();
        } else if (what === 'remove' && known !== undefined) {
          open.remove(known);
          expected.delete(key);
          gone.push(known);
        } else if (what === 'add' && known === undefined) {
          const work: Work = { key, next: undefined, number };
          open.add(work);
          expected.set(key, work);
        }
        for (const one of gone) open.remove(one);
        for (const each of keys) expect(open.find(each)).toBe(expected.get(each));
      });
    }),
  );
});

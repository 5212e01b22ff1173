import { expect, it } from 'vitest';
import { readCoreList } from './cores.js';

it.each([
  ['0', [0]],
  ['0-3', [0, 1, 2, 3]],
  ['0,2-3,7', [0, 2, 3, 7]],
])('reads the cores %s', (text, cores) => {
  expect(readCoreList(text)).toEqual(cores);
});

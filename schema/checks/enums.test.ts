import { describe, expect, it } from 'vitest';
import { checkEnums } from './enums.js';

describe('checkEnums', () => {
  it('refuses an enum that one service takes and another declares with other values', () => {
    const one = 'type Query { find(kind: Kind): Int } enum Kind { A B }';
    const other = 'type Query { kind: Kind } enum Kind { A C }';
    expect(checkEnums({ one, other }).map(({ at, message }) => `${at}: ${message}`)).toEqual([
      expect.stringContaining('one: Kind: it lacks C'),
      expect.stringContaining('other: Kind: it lacks B'),
    ]);
  });

  it('lets an enum that only comes out grow in one service first', () => {
    const one = 'type Query { kind: Kind } enum Kind { A }';
    const other = 'type Query { other: Kind } enum Kind { A B }';
    expect(checkEnums({ one, other })).toEqual([]);
  });
});

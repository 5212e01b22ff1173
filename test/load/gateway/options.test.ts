import { describe, expect, it } from 'vitest';
import { contenderNames } from './contenders.js';
import { readOptions } from './options.js';

describe('options of bench:gateway', () => {
  it('measure everything unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      seconds: 1,
      rounds: 3,
      connections: [1, 50],
      graphs: ['stand-ins', 'services'],
      contenders: contenderNames,
      save: false,
    });
    expect(readOptions(['--only', 'floor,hive-rust'])?.contenders).toEqual(['ours', 'hive-rust', 'floor']);
    expect(readOptions(['--help'])).toBeNull();
  });

  it.each([
    [['--only', 'nginx'], '--only nginx: must be of ours, stock'],
    [['--graphs', 'all'], '--graphs all: must be of stand-ins, services'],
    [['--seconds', '0'], '--seconds 0: must be a number above 0'],
    [['--rounds', '1.5'], '--rounds 1.5: must be a whole number'],
    [['--connections', '1,x'], '--connections x: must be a number'],
    [['--save', '--only', 'stock'], '--save keeps a whole result'],
    [['--fast'], '--fast'],
  ])('%j is refused by name', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

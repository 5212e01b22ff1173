import { describe, expect, it } from 'vitest';
import { parseStartArguments } from './start-command.js';

describe('parseStartArguments', () => {
  it.each([
    [[], { reset: false, accounts: undefined, verbose: false, help: false }],
    [['--accounts', '2000', '--reset'], { reset: true, accounts: 2000, verbose: false, help: false }],
    [['-v', '-h'], { reset: false, accounts: undefined, verbose: true, help: true }],
  ])('%j', (args, expected) => {
    expect(parseStartArguments(args, 'usage')).toEqual(expected);
  });

  it.each([
    [['--accounts', 'many']],
    [['--accounts', '-5']],
    [['--accounts', '1.5']],
    [['--accounts', '10']],
    [['--accounts', '99999999999']],
    [['--acounts', '5']],
    [['reset']],
  ])('refuses %j', (args) => {
    expect(() => parseStartArguments(args, 'usage')).toThrow();
  });
});

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
    [['--accounts', 'many'], /whole number from 100 to/],
    [['--accounts=-5'], /whole number/],
    [['--accounts', '1.5'], /whole number/],
    [['--accounts', '10'], /whole number/],
    [['--accounts', '99999999999'], /whole number/],
    [['--acounts', '5'], /acounts/],
    [['reset'], /reset/],
  ])('refuses %j', (args, message) => {
    expect(() => parseStartArguments(args, 'usage')).toThrow(message);
  });
});

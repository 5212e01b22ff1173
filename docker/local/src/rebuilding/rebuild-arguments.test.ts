import { expect, it } from 'vitest';
import { UsageError } from '../usage.js';
import { parseRebuildArguments } from './rebuild-arguments.js';

const both = ['--consumer', 'licenses', '--topic', 'orders.product'];

it.each<[string[], object | undefined]>([
  [both, { consumer: 'licenses', topic: 'orders.product', restart: false }],
  [[...both, '--restart'], { consumer: 'licenses', topic: 'orders.product', restart: true }],
  [['--help'], undefined],
])('reads %j', (args, expected) => {
  expect(parseRebuildArguments(args)).toEqual(expected);
});

it.each([
  [[], '--consumer takes one of orders'],
  [['--consumer', 'gateway', '--topic', 'orders.product'], '--consumer takes one of orders'],
  [['--consumer', 'licenses'], '--topic'],
  [[...both, '--fast'], '--fast'],
])('refuses %j and says why', (args, reason) => {
  expect(() => parseRebuildArguments(args)).toThrow(UsageError);
  expect(() => parseRebuildArguments(args)).toThrow(reason);
});

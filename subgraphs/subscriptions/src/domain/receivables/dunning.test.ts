import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, it, test } from 'vitest';
import { type DunningStepName, dunningStepsDue } from './dunning.js';

const dueOn = localDate('2026-01-31');

function stepsAfter(days: number, taken: readonly DunningStepName[] = [], isSettled = false) {
  return dunningStepsDue({ dueOn, isSettled }, addDays(dueOn, days), taken).map(({ step }) => step);
}

describe('the steps that are due', () => {
  test.each<[number, DunningStepName[], DunningStepName[]]>([
    [0, [], []],
    [1, [], ['FIRST_REMINDER']],
    [1, ['FIRST_REMINDER'], []],
    [6, ['FIRST_REMINDER'], []],
    [7, ['FIRST_REMINDER'], ['SECOND_REMINDER']],
    [14, ['FIRST_REMINDER', 'SECOND_REMINDER'], ['LAST_REMINDER']],
    [29, ['FIRST_REMINDER', 'SECOND_REMINDER', 'LAST_REMINDER'], []],
    [30, ['FIRST_REMINDER', 'SECOND_REMINDER', 'LAST_REMINDER'], ['SUSPENSION']],
    [89, ['LAST_REMINDER', 'SUSPENSION'], []],
    [90, ['LAST_REMINDER', 'SUSPENSION'], ['WRITE_OFF_PROPOSAL']],
    [400, ['LAST_REMINDER', 'SUSPENSION', 'WRITE_OFF_PROPOSAL'], []],
  ])('%i days after the due day, with %j taken', (days, taken, expected) => {
    expect(stepsAfter(days, taken)).toEqual(expected);
  });

  it('are caught up with one reminder, the last that has come', () => {
    expect(stepsAfter(8)).toEqual(['SECOND_REMINDER']);
    expect(stepsAfter(100)).toEqual(['LAST_REMINDER', 'SUSPENSION', 'WRITE_OFF_PROPOSAL']);
  });

  it('are none once nothing is due', () => {
    expect(stepsAfter(100, [], true)).toEqual([]);
  });
});

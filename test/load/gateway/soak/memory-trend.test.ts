import { describe, expect, it } from 'vitest';
import { memoryVerdict } from './memory-trend.js';

const samples = (
  heap: (minute: number) => number,
  rss: (minute: number) => number = () => 150,
  minutes = 10,
) =>
  Array.from({ length: minutes }, (_, index) => ({
    minute: index + 1,
    heap: heap(index + 1),
    rss: rss(index + 1),
  }));

describe('the verdict on memory', () => {
  it.each([
    ['steady', samples(() => 40)],
    ['up and down', samples((minute) => 40 + (minute % 2) * 2)],
    ['settling in the first minutes', samples((minute) => (minute <= 2 ? 20 * minute : 60))],
    ['falling', samples((minute) => 60 - minute)],
    ['rising by less than can be told from noise', samples((minute) => 40 + minute * 0.2)],
  ])('%s is flat', (_, run) => {
    expect(memoryVerdict(run)).toBe('flat');
  });

  it.each([
    ['the heap by 1 MB a minute', samples((minute) => 40 + minute)],
    ['the heap, with noise', samples((minute) => 40 + minute + (minute % 2) * 2)],
    [
      'what lies outside the heap',
      samples(
        () => 40,
        (minute) => 150 + 6 * minute,
      ),
    ],
  ])('growing: %s', (_, run) => {
    expect(memoryVerdict(run)).toBe('growing');
  });

  it('takes its time', () => {
    expect(
      memoryVerdict(
        samples(
          () => 40,
          () => 150,
          5,
        ),
      ),
    ).toBe('too short to say');
  });
});

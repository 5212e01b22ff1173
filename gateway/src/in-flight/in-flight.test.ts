import { expect, it } from 'vitest';
import { Cancellation } from './cancellation.js';
import { createInFlight } from './in-flight.js';

const left = () => new Error('left');
const nobodyLeaves = new Cancellation();

function setUp() {
  const inFlight = createInFlight<string>();
  const started: { resolve: (answer: string) => void; fail: (error: Error) => void; work: Cancellation }[] =
    [];
  const join = (key: string, gone: Cancellation = nobodyLeaves) =>
    inFlight.join(
      key,
      gone,
      (work) =>
        new Promise((resolve, fail) => {
          started.push({ resolve, fail, work });
        }),
      left,
    );
  return { inFlight, started, join };
}

it('does the work once for all who ask for the same at the same moment, and anew afterwards', async () => {
  const { started, join } = setUp();
  const answers = [join('a'), join('a'), join('b')];
  expect(started).toHaveLength(2);
  started[0]?.resolve('A');
  started[1]?.resolve('B');
  expect(await Promise.all(answers)).toEqual(['A', 'A', 'B']);
  void join('a');
  expect(started).toHaveLength(3);
});

it('tells all who wait of a failure, and keeps none', async () => {
  const { started, join } = setUp();
  const answers = [join('a'), join('a')];
  started[0]?.fail(new Error('down'));
  await expect(answers[0]).rejects.toThrow('down');
  await expect(answers[1]).rejects.toThrow('down');
  void join('a');
  expect(started).toHaveLength(2);
});

it('goes on while one still waits, and is cancelled when the last one leaves', async () => {
  const { started, join } = setUp();
  const [one, other] = [new Cancellation(), new Cancellation()];
  const answers = [join('a', one), join('a', other)];
  one.cancel('abandoned');
  await expect(answers[0]).rejects.toThrow('left');
  expect(started[0]?.work.reason).toBeUndefined();
  other.cancel('abandoned');
  await expect(answers[1]).rejects.toThrow('left');
  expect(started[0]?.work.reason).toBe('abandoned');
});

it('is joined by nobody once it is cancelled', async () => {
  const { started, join } = setUp();
  const one = new Cancellation();
  const answer = join('a', one);
  one.cancel('abandoned');
  await expect(answer).rejects.toThrow('left');
  void join('a');
  expect(started).toHaveLength(2);
});

it('is joined by nobody who comes after a write; those who wait get their answer', async () => {
  const { inFlight, started, join } = setUp();
  const before = join('a');
  inFlight.joinNoLonger();
  const after = join('a');
  expect(started).toHaveLength(2);
  started[0]?.resolve('old');
  expect(await before).toBe('old');
  const late = join('a');
  expect(started).toHaveLength(2);
  started[1]?.resolve('new');
  expect(await Promise.all([after, late])).toEqual(['new', 'new']);
});

it('does not begin for one who has left already', async () => {
  const { started, join } = setUp();
  const gone = new Cancellation();
  gone.cancel('abandoned');
  await expect(join('a', gone)).rejects.toThrow('left');
  expect(started).toHaveLength(0);
});

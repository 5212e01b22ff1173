import { expect, it, vi } from 'vitest';
import { Progress } from './progress.js';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) > 0 };
}

it('tells a log each step once, with its seconds', async () => {
  const log = terminal(false);
  const progress = new Progress(log);
  const result = await progress.step(
    'PostgreSQL',
    async (update) => {
      update('half way');
      return 18;
    },
    (version) => `PostgreSQL ${version}`,
  );
  expect(result).toBe(18);
  expect(log.written).toEqual([expect.stringMatching(/^✓ PostgreSQL 18 +0\.\d s\n$/)]);
});

it('shows a terminal what is going on, and wipes it away', async () => {
  const screen = terminal(true);
  await new Progress(screen).step('demo data', async (update) => update('1 of 2'));
  const wipe = '\r\u001B[2K';
  const [first, wiped, second, wipedAgain, last] = screen.written;
  expect([first, wiped, second, wipedAgain]).toEqual(['… demo data', wipe, '… demo data 1 of 2', wipe]);
  expect(last).toMatch(/^✓ demo data .* s\n$/);
});

it('tells a log now and then how far a long step is', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const log = terminal(false);
  await new Progress(log).step('demo data', async (update) => {
    for (const second of [1, 2, 3, 4, 5, 6]) {
      vi.advanceTimersByTime(4_000);
      update(`${second} of 6`);
    }
  });
  vi.useRealTimers();
  expect(log.written).toEqual([
    '… demo data 3 of 6\n',
    '… demo data 6 of 6\n',
    expect.stringMatching(/^✓ demo data +24\.0 s\n$/),
  ]);
});

it('marks a step that failed and passes the error on', async () => {
  const log = terminal(false);
  const failing = new Progress(log).step('services', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(log.written).toEqual(['✗ services\n']);
});

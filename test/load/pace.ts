import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts work at an even pace, whether the work before is done or not, and waits for all of it: a slow answer does not
 * slow the next request down, as it would not in the field.
 */
export async function atPace(
  perSecond: number,
  seconds: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  const count = Math.max(1, Math.floor(perSecond * seconds));
  for (let index = 0; index < count; index += 1) {
    const due = startedAt + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    running.push(work(index));
  }
  await Promise.all(running);
}

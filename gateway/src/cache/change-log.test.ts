import { expect, it } from 'vitest';
import { ChangeLog } from './change-log.js';

function startedLog() {
  const time = { now: 1_000 };
  const log = new ChangeLog(() => time.now, 60_000);
  log.connected();
  return { log, time };
}

it('knows what changed after a read began, and what before', () => {
  const { log } = startedLog();
  log.changed(['a']);
  const since = log.sequence;
  expect(log.changedSince(['a', 'b'], since)).toBe(false);
  log.changed(['b', 'c']);
  expect(log.changedSince(['a', 'b'], since)).toBe(true);
  expect(log.changedSince(['a'], since)).toBe(false);
  expect(log.changedSince(['b'], log.sequence)).toBe(false);
});

it('holds everything for changed that began before the connection, and while there is none', () => {
  const { log } = startedLog();
  const since = log.sequence;
  log.lost();
  expect(log.live).toBe(false);
  expect(log.changedSince([], log.sequence)).toBe(true);
  log.connected();
  expect(log.changedSince([], since)).toBe(true);
  expect(log.changedSince(['a'], log.sequence)).toBe(false);
});

it('holds for changed what began before the changes that it has forgotten', () => {
  const { log, time } = startedLog();
  const old = log.sequence;
  log.changed(['a']);
  time.now += 60_001;
  log.changed(['b']);
  const recent = log.sequence;
  expect(log.changedSince(['unheard of'], old)).toBe(true);
  expect(log.changedSince(['a', 'b'], recent)).toBe(false);
});

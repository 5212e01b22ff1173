import type { DataSource } from 'typeorm';
import type { Bus } from './bus/bus.js';
import type { ServiceClock } from './clock.js';
import { forgetOldAnswers } from './idempotency.js';
import { reportRebuilds } from './messaging/rebuild.js';
import type { Chore } from './periodic.js';
import type { GrantBoundary } from './visibility/grant-boundary.js';

/** What the chores of every service work with. */
export interface ChoreParts {
  readonly dataSource: DataSource;
  readonly bus: Bus;
  readonly clock: ServiceClock;
  readonly grants: GrantBoundary;
}

const everySecond = 1_000;
const everyHour = 3_600_000;

/** What every service does from time to time. */
export function commonChores({ dataSource, bus, clock, grants }: ChoreParts): readonly Chore[] {
  return [
    {
      name: 'test-clock-reading',
      failure: 'Test clocks could not be read',
      milliseconds: everySecond,
      run: () => clock.refresh(),
      isRoutine: true,
    },
    {
      name: 'grant-reading',
      failure: 'Ends of grants could not be read',
      milliseconds: everySecond,
      run: () => grants.refresh(),
      isRoutine: true,
    },
    {
      name: 'rebuild-report',
      failure: 'How far rebuilds are could not be told',
      milliseconds: everySecond,
      run: () => reportRebuilds(dataSource, bus.board),
      isRoutine: true,
    },
    {
      name: 'answer-pruning',
      failure: 'Old answers could not be forgotten',
      milliseconds: everyHour,
      run: () => forgetOldAnswers(dataSource.manager),
    },
  ];
}

import { compareDates, localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { momentFault } from '../moment.js';
import type { BillableUsers } from './billable-users.js';

/** The highest count that an instance has seen since a day. */
export interface HistoricalMaximum {
  readonly users: number;
  /** The first day (UTC) of what it looks back on: the day on which its license begins. */
  readonly since: LocalDate;
}

/**
 * How many users there were at one moment. Deployment, instance and moment are its key: told again it changes nothing, and where
 * two tell differently of the same moment the higher count holds, so that the order in which they come is no matter.
 */
export interface CountedUsers extends BillableUsers {
  /** The instance that counted; null when the deployment reports as a whole (a namespace). */
  readonly instanceId: string | null;
  readonly takenAt: Date;
}

/**
 * What one report says. A maximum that is lower than an earlier one of the same license (an instance that was set up again from a
 * backup) takes nothing back: the higher one holds.
 */
export interface SeatSample extends CountedUsers {
  readonly maximum: HistoricalMaximum | null;
}

/** What is wrong with a sample: the field, and a sentence that says how to mend it. */
export interface SampleFault {
  readonly field: 'members' | 'guests' | 'takenAt' | 'maximum';
  readonly message: string;
}

const highestCount = 100_000_000;

/** What is wrong with a sample that comes at `now`; null when it can be recorded. */
export function sampleFault(
  { members, guests, takenAt, maximum }: SeatSample,
  now: Date,
): SampleFault | null {
  if (!isCount(members)) return { field: 'members', message: countMessage('members') };
  if (!isCount(guests)) return { field: 'guests', message: countMessage('guests') };
  const moment = momentFault('takenAt', takenAt, now);
  if (moment !== null) return { field: 'takenAt', message: moment };
  if (maximum !== null && !isCount(maximum.users)) {
    return { field: 'maximum', message: countMessage('maximum') };
  }
  if (maximum !== null && compareDates(maximum.since, dayOf(takenAt)) > 0) {
    return { field: 'maximum', message: 'The maximum must begin on the day of the sample at the latest.' };
  }
  return null;
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0 && count <= highestCount;
}

function countMessage(field: string): string {
  return `\`${field}\` must be a whole number from 0 to ${highestCount}.`;
}

/** The day (UTC) that a moment belongs to: seats are counted by the days by which licenses run. */
export function dayOf(moment: Date): LocalDate {
  return localDate(moment.toISOString().slice(0, 10));
}

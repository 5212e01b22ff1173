import { addDays, compareDates, daysBetween, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { roundDivide } from '@fulfillment/kernel/domain/decimal';
import { type Money, money, subtract } from '@fulfillment/kernel/domain/money';
import type { InvoiceLine } from '../invoice.js';
import { booksCodeOf, type DocumentOwner } from './books-code.js';

/**
 * How a line's amount before tax is earned over its days of service. A credit has a schedule of its own with a negative
 * amount, which takes back what its charge would have earned on the same days.
 */
export interface RevenueSchedule {
  /** The invoice or credit memo, and the line's place on it. */
  readonly documentId: string;
  readonly position: number;
  readonly subscriptionId: string;
  /** The books that it is earned in (see books-code.ts). */
  readonly booksCode: string;
  readonly net: Money;
  readonly serviceStart: LocalDate;
  readonly serviceEnd: LocalDate;
  /** The first day on which anything of it is earned: what lies before that day is earned on it. */
  readonly recognizedFrom: LocalDate;
}

/** The document that a schedule is made for. */
export interface ScheduledDocument extends DocumentOwner {
  readonly id: string;
  readonly issuedOn: LocalDate;
  readonly lines: readonly InvoiceLine[];
}

/**
 * The schedules of a document's lines. Nothing is earned before the document is issued, and nothing on a day whose revenue
 * was posted already.
 * @param postedThrough the last day whose revenue was posted in these books and this currency; null for none
 */
export function revenueSchedules(
  document: ScheduledDocument,
  postedThrough: LocalDate | null,
): RevenueSchedule[] {
  const { id, issuedOn, lines } = document;
  const booksCode = booksCodeOf(document);
  const earliest = postedThrough === null ? issuedOn : later(issuedOn, addDays(postedThrough, 1));
  return lines
    .filter(({ amount }) => amount.minor !== 0n)
    .map(({ position, subscriptionId, amount, serviceStart, serviceEnd }) => ({
      documentId: id,
      position,
      subscriptionId,
      booksCode,
      net: amount,
      serviceStart,
      serviceEnd,
      recognizedFrom: later(serviceStart, earliest),
    }));
}

/** The first day on which nothing of it is earned any more. */
export function recognizedUntil({ serviceEnd, recognizedFrom }: RevenueSchedule): LocalDate {
  return later(serviceEnd, addDays(recognizedFrom, 1));
}

/**
 * What is earned from the beginning through a day: the share of the days that have passed, rounded half away from zero. So
 * each day earns whole minor units, and all days together exactly the amount.
 */
export function earnedThrough(schedule: RevenueSchedule, day: LocalDate): Money {
  const { net, serviceStart, serviceEnd, recognizedFrom } = schedule;
  if (compareDates(day, recognizedFrom) < 0) return money(0n, net.currency);
  const days = daysBetween(serviceStart, serviceEnd);
  const passed = daysBetween(serviceStart, day) + 1;
  if (passed >= days) return net;
  return money(roundDivide(net.minor * BigInt(passed), BigInt(days)), net.currency);
}

/** What is earned on one day. */
export function earnedOn(schedule: RevenueSchedule, day: LocalDate): Money {
  return subtract(earnedThrough(schedule, day), earnedThrough(schedule, addDays(day, -1)));
}

function later(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) >= 0 ? left : right;
}

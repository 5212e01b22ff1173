import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';

/** A partner sells to a customer from the day `since` up to, not including, `until` (null: no end is known). */
export interface CustomerRelationship {
  readonly id: string;
  readonly partnerId: string;
  /** The customer. */
  readonly accountId: string;
  readonly since: LocalDate;
  readonly until: LocalDate | null;
  /** Counts the relationship's changes, from 1. */
  readonly version: number;
}

/** The relationship that starts on a day; the same partner, customer and day always make the same id. */
export function newRelationship(
  relationship: Omit<CustomerRelationship, 'id' | 'version'>,
): CustomerRelationship {
  const { partnerId, accountId, since } = relationship;
  return { ...relationship, id: derivedId('customer-relationship', partnerId, accountId, since), version: 1 };
}

/** True when there is no day in it. */
export function isEmpty({ since, until }: CustomerRelationship): boolean {
  return until !== null && compareDates(since, until) >= 0;
}

/** True when there is a day on which both hold. */
export function overlap(left: CustomerRelationship, right: CustomerRelationship): boolean {
  const startsBeforeEnd = (start: LocalDate, end: LocalDate | null) =>
    end === null || compareDates(start, end) < 0;
  return startsBeforeEnd(left.since, right.until) && startsBeforeEnd(right.since, left.until);
}

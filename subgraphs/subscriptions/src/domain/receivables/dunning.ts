import { addDays, compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';

/** What is done about an invoice that stays unpaid. */
export type DunningAction = 'REMINDER' | 'SUSPENSION' | 'WRITE_OFF_PROPOSAL';

/** The steps by name, in their order: so many days after the due day, this is done. */
export const dunningSchedule = [
  { step: 'FIRST_REMINDER', daysAfterDue: 1, action: 'REMINDER' },
  { step: 'SECOND_REMINDER', daysAfterDue: 7, action: 'REMINDER' },
  { step: 'LAST_REMINDER', daysAfterDue: 14, action: 'REMINDER' },
  { step: 'SUSPENSION', daysAfterDue: 30, action: 'SUSPENSION' },
  { step: 'WRITE_OFF_PROPOSAL', daysAfterDue: 90, action: 'WRITE_OFF_PROPOSAL' },
] as const satisfies readonly {
  readonly step: string;
  readonly daysAfterDue: number;
  readonly action: DunningAction;
}[];

export type DunningStep = (typeof dunningSchedule)[number];
export type DunningStepName = DunningStep['step'];

/** A step that was taken. Never changed. */
export interface TakenStep {
  readonly invoiceId: string;
  readonly step: DunningStepName;
  /** By the invoice owner's calendar. */
  readonly takenOn: LocalDate;
  readonly takenAt: Date;
}

/**
 * The steps that are due and were not taken, in their order; none for an invoice on which nothing is due. When several
 * reminders are due at once, as after days without work, the last of them is enough.
 */
export function dunningStepsDue(
  invoice: { readonly dueOn: LocalDate; readonly isSettled: boolean },
  today: LocalDate,
  taken: readonly DunningStepName[],
): DunningStep[] {
  if (invoice.isSettled) return [];
  const come = dunningSchedule.filter(
    ({ daysAfterDue }) => compareDates(addDays(invoice.dueOn, daysAfterDue), today) <= 0,
  );
  const lastReminder = come.findLast(({ action }) => action === 'REMINDER');
  return come.filter(
    (due) => !taken.includes(due.step) && (due.action !== 'REMINDER' || due === lastReminder),
  );
}

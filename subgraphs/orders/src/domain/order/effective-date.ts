import { addDays, compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type OrderActionInput, givenAction } from './actions/index.js';
import { type OrderError, orderError } from './errors.js';
import type { OrderFacts } from './facts.js';

/** An order may be placed this long before it takes effect. */
const daysAhead = 365;

interface Dated {
  readonly effectiveDate?: LocalDate | null;
  readonly actions: readonly OrderActionInput[];
}

type DateFacts = Pick<OrderFacts, 'today' | 'subscriptions'>;

/** The day on which an order takes effect: the day that was asked for; the end of the term with a renewal; else today. */
export function effectiveDateOf({ effectiveDate, actions }: Dated, facts: DateFacts): LocalDate {
  if (effectiveDate != null) return effectiveDate;
  const renewed = actions.find(({ renew }) => renew != null)?.renew?.subscriptionId.toLowerCase();
  const subscription = renewed === undefined ? undefined : facts.subscriptions.get(renewed);
  return subscription?.agreement.term.endDate ?? facts.today;
}

/** What is wrong with the day of an order; null when it lies within a year. */
export function judgeEffectiveDate(
  date: LocalDate,
  actions: readonly OrderActionInput[],
  facts: Pick<OrderFacts, 'audience'> & DateFacts,
): OrderError | null {
  const earliest = earliestDay(actions, facts);
  const latest = addDays(facts.today, daysAhead);
  if (compareDates(date, earliest) >= 0 && compareDates(date, latest) <= 0) return null;
  const message = `\`effectiveDate\` must be from ${earliest} to ${latest}; it is ${date}.`;
  return orderError('EFFECTIVE_DATE_INVALID', ['effectiveDate'], message);
}

/** Internal callers may date a change back to the day from which the newest version of every subscription holds. */
function earliestDay(
  actions: readonly OrderActionInput[],
  { audience, today, subscriptions }: Pick<OrderFacts, 'audience'> & DateFacts,
): LocalDate {
  if (audience !== 'internal') return today;
  const since = actions.map((entry) => {
    const action = givenAction(entry);
    return action?.kind === 'CHANGE' ? subscriptions.get(action.subscriptionId)?.effectiveOn : undefined;
  });
  if (since.some((day) => day === undefined)) return today;
  const [newest] = since.filter((day) => day !== undefined).toSorted((a, b) => compareDates(b, a));
  return newest !== undefined && compareDates(newest, today) < 0 ? newest : today;
}

import { addDays, compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok } from '@fulfillment/kernel/domain/result';
import { orderError } from '../errors.js';
import type { ChangeInput, ReadChange } from './action-setting.js';
import { longestTrialDays } from './trial.js';

/** A trial to be extended. */
export interface ExtendTrialInput extends ChangeInput {
  readonly endDate: LocalDate;
}

/** No further than a trial may last from its first day. */
export const extendTrial: ReadChange<ExtendTrialInput> = ({ endDate }, { facts, agreement, path }) => {
  const latest = addDays(agreement.term.startDate, longestTrialDays(facts));
  if (!agreement.trial || compareDates(endDate, latest) <= 0) return ok({ kind: 'EXTEND_TRIAL', endDate });
  const message = `A trial lasts until ${latest} at most: give a day up to that one, or convert it.`;
  return err([orderError('DATE_OUTSIDE_TERM', [...path, 'endDate'], message)]);
};

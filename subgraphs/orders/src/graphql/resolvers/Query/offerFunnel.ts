import { daysBetween } from '@fulfillment/kernel/domain/calendar';
import { InputError } from '@fulfillment/kernel/server/input-error';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';
import { requireScope } from '../../require-scope.js';

const mostDays = 366;

export const offerFunnel: NonNullable<QueryResolvers['offerFunnel']> = (_, { filter }, context) => {
  requireScope(context, 'offers:read', ['internal']);
  const { from, until } = filter;
  const days = daysBetween(from, until);
  if (days < 1 || days > mostDays) {
    const message = `\`filter.until\` must be 1 to ${mostDays} days after \`filter.from\`.`;
    throw new InputError('ARGUMENT_INVALID', 'filter.until', message);
  }
  return context.reader.offerFunnel({
    from,
    until,
    placement: readOptionalText('filter.placement', filter.placement),
    ruleCode: readOptionalText('filter.ruleCode', filter.ruleCode),
  });
};

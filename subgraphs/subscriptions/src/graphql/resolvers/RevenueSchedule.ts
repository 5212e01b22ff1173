import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { earnedThrough } from '../../domain/ledger/revenue-schedule.js';
import type { RevenueScheduleResolvers } from '../__generated__/resolvers.js';

export const RevenueSchedule: RevenueScheduleResolvers = {
  amount: ({ net }) => moneyToGraphql(net),
  earned: async (schedule, { through }, { now }) =>
    moneyToGraphql(earnedThrough(schedule, through ?? localDateAt(await now(null), 'UTC'))),
};

import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { InputError } from '@fulfillment/kernel/server/input-error';
import { seesSale } from '../../../domain/discretion.js';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

const mostUsers = 1_000_000;

export const previewSeatChange: NonNullable<QueryResolvers['previewSeatChange']> = async (
  _query,
  { deploymentKind, externalId, addUsers },
  { viewer, readers, now, previewSeatChange: preview },
) => {
  if (addUsers < 1 || addUsers > mostUsers) {
    throw new InputError('ARGUMENT_INVALID', 'addUsers', `\`addUsers\` must be from 1 to ${mostUsers}.`);
  }
  const id = deploymentId(deploymentKind, externalId);
  const subscription = await readers.subscriptions.inForce(id, now);
  if (subscription === null) return null;
  const at = await now(subscription.head.accountId);
  const { price, additional, reportedAt, ...previewed } = await preview(subscription, addUsers, at);
  return {
    ...previewed,
    willCost: additional.minor > 0n,
    price: seesSale(viewer, subscription.head)
      ? {
          net: moneyToGraphql(price.net),
          tax: moneyToGraphql(price.tax),
          total: moneyToGraphql(price.total),
          additional: moneyToGraphql(additional),
        }
      : null,
    usageReportedAt: reportedAt,
  };
};

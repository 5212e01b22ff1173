import { legalEntities } from '@fulfillment/kernel/domain/legal-entity';
import { err, ok } from '@fulfillment/kernel/domain/result';
import { orderError } from '../errors.js';
import type { Payer } from '../facts.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** A subscription to be given to another account. */
export interface TransferOwnerInput extends ChangeInput {
  readonly toAccountId: string;
}

/** Internal callers alone know of other accounts. The receiver pays from then on, so it must pay in the same currency. */
export const transferOwner: ReadChange<TransferOwnerInput> = ({ toAccountId }, setting) => {
  const { facts, agreement, subscription, path } = setting;
  const { accountId, partnerId } = subscription.parties;
  const receiver = facts.receivers.get(toAccountId.toLowerCase());
  const field = [...path, 'toAccountId'];
  if (receiver === undefined || facts.audience !== 'internal') {
    const message = 'There is no such account that you may give a subscription to: ask sales.';
    return err([orderError('ACCOUNT_NOT_FOUND', field, message)]);
  }
  if (isSandbox(receiver) !== isSandbox(subscription.invoiceOwner)) {
    const message = 'Sandbox accounts keep to themselves: choose an account of the same kind.';
    return err([orderError('ACCOUNT_NOT_FOUND', field, message)]);
  }
  if (partnerId !== null) {
    const message = 'What a partner sold stays with its customer: the receiver is to buy anew.';
    return err([orderError('SOLD_BY_PARTNER', [...path, 'subscriptionId'], message)]);
  }
  if (receiver.id === accountId) {
    return err([orderError('NOTHING_CHANGES', field, 'The account has the subscription already.')]);
  }
  if (receiver.currency !== agreement.currency) {
    const message = `The subscription is billed in ${agreement.currency}, the account in ${receiver.currency}.`;
    return err([orderError('CURRENCY_MISMATCH', field, message)]);
  }
  return ok({ kind: 'TRANSFER_OWNER', accountId: receiver.id });
};

/** Their books are their own, and their time is that of a test clock. */
function isSandbox({ legalEntityCode }: Payer): boolean {
  return legalEntityCode === legalEntities.SANDBOX.code;
}

import type { AccountStory } from '@fulfillment/kernel/population/story';
import { startingLeadPolicy } from '../catalog/lead-policy.js';
import { type LeadStep, touched } from '../domain/lead/lead.js';
import type { Order } from '../domain/order/order.js';
import { contactRoles } from '../domain/account/contact.js';
import { personOfContact, trialTouch } from '../service/leads/record-trial.js';

/** The lead of an order for a trial; null for any other order, and without anybody to write to. */
export function storyToLead(account: AccountStory, { placedAt, actions, partnerId }: Order): LeadStep | null {
  const [action] = actions;
  if (action?.change.kind !== 'CREATE_SUBSCRIPTION' || !action.change.agreement.trial) return null;
  const [contact] = account.contacts.toSorted(
    (left, right) =>
      contactRoles.indexOf(left.role) - contactRoles.indexOf(right.role) ||
      compareText(left.name, right.name) ||
      compareText(left.id, right.id),
  );
  if (contact === undefined || action.deployment === null) return null;
  const { subscriptionId: id, deployment, change } = action;
  const customer = {
    accountId: account.id,
    accountName: account.name,
    sandbox: false,
    countryCode: account.countryCode,
    segment: account.segment,
    deploymentId: deployment.id,
    partnerId,
    wantsFeature: false,
  };
  const touch = trialTouch({ id, agreement: change.agreement }, placedAt);
  return touched(null, personOfContact(contact), touch, customer, startingLeadPolicy);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

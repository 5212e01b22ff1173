import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { AccountStory, PartnerStory } from '@fulfillment/kernel/population/story';
import { newRelationship } from '../domain/customer-relationship.js';
import type { Sale } from '../domain/grants.js';
import type { Partner } from '../domain/partner.js';

/** A partner as its story tells it, with its one agreement. */
export function partnerOf(story: PartnerStory): Partner {
  const { id, name, contactEmail, account, agreement } = story;
  const basics = {
    id,
    name,
    contactEmail,
    accountId: account.id,
    timeZone: account.billingTimeZone,
    registeredAt: account.createdAt,
    agreements: [{ id: derivedId('partner-agreement', id, agreement.startDate), ...agreement }],
    version: 1,
  };
  return story.kind === 'DISTRIBUTOR'
    ? { ...basics, kind: 'DISTRIBUTOR', distributorId: null }
    : { ...basics, kind: 'RESELLER', distributorId: story.distributorId };
}

/** Who sells to an account since when. */
export function salesOf(account: AccountStory, partners: ReadonlyMap<string, Partner>): Sale[] {
  return account.soldBy.map(({ partner: { id }, since }) => {
    const partner = partners.get(id);
    if (!partner) throw new Error(`Partner ${id} was not told`);
    return {
      partner,
      relationship: newRelationship({ partnerId: id, accountId: account.id, since, until: null }),
    };
  });
}

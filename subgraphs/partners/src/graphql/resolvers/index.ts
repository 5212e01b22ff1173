import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { Commission } from './Commission.js';
import { CustomerRelationship } from './CustomerRelationship.js';
import { Order } from './Order.js';
import { Partner } from './Partner.js';
import { currentPartner } from './Query/currentPartner.js';
import { partner } from './Query/partner.js';
import { partners } from './Query/partners.js';

export const resolvers: Resolvers = {
  Query: { currentPartner, partner, partners },
  Account,
  Commission,
  CustomerRelationship,
  Order,
  Partner,
};

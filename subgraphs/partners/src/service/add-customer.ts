import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import {
  type CustomerRelationship,
  isEmpty,
  newRelationship,
  overlap,
} from '../domain/customer-relationship.js';
import { changedGrants, customerGrants } from '../domain/grants.js';
import type { RefusalCode } from './refusals.js';
import type { PartnersUnitOfWork } from './unit-of-work.js';

export type NewCustomer = Omit<CustomerRelationship, 'id' | 'version'>;

/** Records that a partner sells to a customer, and grants what follows from it. */
export async function addCustomer(
  work: PartnersUnitOfWork,
  input: NewCustomer,
  now: Date,
): Promise<Result<CustomerRelationship, RefusalCode>> {
  const relationship = newRelationship(input);
  if (isEmpty(relationship)) return err('RELATIONSHIP_EMPTY');
  const partner = await work.partners.lockDistribution(input.partnerId);
  if (!partner) return err('PARTNER_UNKNOWN');

  const sales = await work.relationships.salesOfDistribution(partner, input.accountId);
  const own = sales.filter((sale) => sale.partner.id === partner.id);
  if (own.some((sale) => overlap(sale.relationship, relationship))) return err('RELATIONSHIPS_OVERLAP');

  await work.relationships.add(relationship);
  const grants = changedGrants(customerGrants(sales), customerGrants([...sales, { partner, relationship }]));
  await work.grants.give(grants, now);
  return ok(relationship);
}

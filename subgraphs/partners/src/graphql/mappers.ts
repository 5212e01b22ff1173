/** What resolvers of each type get as their parent. */
export type { Commission as CommissionMapper } from '../domain/commission.js';
export type { CustomerRelationship as CustomerRelationshipMapper } from '../domain/customer-relationship.js';
export type { VisiblePartner as PartnerMapper } from '../domain/partner.js';

/** Another service's account, by its id. */
export interface AccountMapper {
  readonly id: string;
}

/** Another service's order, by its id. */
export interface OrderMapper {
  readonly id: string;
}

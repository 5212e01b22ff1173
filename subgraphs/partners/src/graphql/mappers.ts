import type { CustomerRelationship } from './__generated__/resolvers.js';

/** The parent of Partner's resolvers; a reference alone will do. */
export interface PartnerMapper {
  readonly id: string;
}

/** The parent of CustomerRelationship's resolvers. */
export type CustomerRelationshipMapper = Omit<CustomerRelationship, 'account'> & {
  readonly accountId: string;
};

/** The parent of Commission's resolvers; a reference alone will do. */
export interface CommissionMapper {
  readonly id: string;
}

/** The parent of Order's resolvers; a reference alone will do. */
export interface OrderMapper {
  readonly id: string;
}

/** The parent of Account's resolvers; a reference alone will do. */
export interface AccountMapper {
  readonly id: string;
}

import type { Audience } from '@fulfillment/schema/audience';

interface Common {
  /** `sub`: who works with the client; `local-<audience>` when left out. */
  readonly subject?: string;
  /** What the token permits; the audience's usual scopes when left out. */
  readonly scopes?: readonly string[];
  /** 12 hours when left out; negative for a token that has expired. */
  readonly expiresInSeconds?: number;
}

/** A product UI's token: for one account, and when one of its deployments is given, for that one alone. Ids are UUIDs. */
export interface ProductTokenRequest extends Common {
  readonly audience: 'product';
  readonly account: string;
  readonly deployment?: string;
}

/** The token of somebody in the company. */
export interface InternalTokenRequest extends Common {
  readonly audience: 'internal';
}

/** The token of a partner's portal. `partner` is a UUID. */
export interface PartnerTokenRequest extends Common {
  readonly audience: 'partner';
  readonly partner: string;
}

/** A token to be signed. */
export type TokenRequest = ProductTokenRequest | InternalTokenRequest | PartnerTokenRequest;

/**
 * What each kind of client may usually do. A product token is what a page of the product holds: it does not report use
 * (`seats:write`, `usage:write`), as the customer is billed by that. Whoever reports has a token with these scopes alone.
 */
export const defaultScopes: Readonly<Record<Audience, readonly string[]>> = {
  product: [
    'entitlements:read',
    'orders:place',
    'contacts:read',
    'contacts:write',
    'licenses:read',
    'instances:read',
    'instances:write',
    'instances:activate',
    'seats:assign',
  ],
  internal: [
    'entitlements:read',
    'accounts:read',
    'contacts:read',
    'contacts:write',
    'orders:read',
    'orders:place',
    'quotes:write',
    'quotes:approve',
    'offers:read',
    'offers:write',
    'leads:read',
    'leads:write',
    'billing:read',
    'billing:write',
    'ledger:read',
    'licenses:read',
    'licenses:write',
    'seats:write',
    'usage:write',
    'seats:assign',
    'instances:read',
    'instances:write',
    'partners:read',
    'commissions:read',
    'operations:read',
    'operations:write',
    'sandbox:read',
    'sandbox:write',
  ],
  partner: ['entitlements:read', 'orders:place', 'quotes:write', 'billing:read', 'commissions:read'],
};

import { startOfDay } from '@fulfillment/kernel/domain/calendar';
import type { CustomerRelationship } from './customer-relationship.js';
import type { Partner } from './partner.js';

/** The subject may see the object from `from` up to, not including, `until`. */
export interface Grant {
  readonly subject: { readonly kind: 'ACCOUNT' | 'PARTNER'; readonly id: string };
  readonly object: { readonly kind: 'ACCOUNT' | 'ACCOUNT_PROFILE' | 'PARTNER'; readonly id: string };
  readonly from: Date;
  readonly until: Date | null;
  /** Counts the changes of what this subject may see of this object: a newer one replaces an older one. */
  readonly version: number;
}

/** A relationship and the partner whose days and distributor it goes by. */
export interface Sale {
  readonly partner: Pick<Partner, 'id' | 'distributorId' | 'timeZone'>;
  readonly relationship: CustomerRelationship;
}

/** What follows from a partner alone: it sees itself and its account, and its distributor sees it. Never changes. */
export function partnerGrants(partner: Partner): Grant[] {
  const self: Grant['object'] = { kind: 'PARTNER', id: partner.id };
  const always = { from: partner.registeredAt, until: null, version: 1 };
  return [
    { subject: partnerSubject(partner.id), object: self, ...always },
    { subject: partnerSubject(partner.id), object: { kind: 'ACCOUNT', id: partner.accountId }, ...always },
    ...(partner.distributorId === null
      ? []
      : [{ subject: partnerSubject(partner.distributorId), object: self, ...always }]),
  ];
}

/**
 * What follows from sales: the partner and its distributor see the customer's name and address, the customer sees the
 * partner. Several sales can lead to one grant (a customer that comes back; two resellers of one distributor): it then
 * holds from the first until the last ends, so give all sales that concern a grant.
 */
export function customerGrants(sales: readonly Sale[]): Grant[] {
  const byKey = new Map<string, Grant>();
  for (const grant of sales.flatMap(grantsOfSale)) {
    const known = byKey.get(grantKey(grant));
    byKey.set(grantKey(grant), known ? merge(known, grant) : grant);
  }
  return [...byKey.values()];
}

/** The grants of `after` that `before` does not hold in the same version. */
export function changedGrants(before: readonly Grant[], after: readonly Grant[]): Grant[] {
  const versions = new Map(before.map((grant) => [grantKey(grant), grant.version]));
  return after.filter((grant) => versions.get(grantKey(grant)) !== grant.version);
}

function grantsOfSale({ partner, relationship }: Sale): Grant[] {
  const { accountId, since, until, version } = relationship;
  const validity = {
    from: startOfDay(since, partner.timeZone),
    until: until === null ? null : startOfDay(until, partner.timeZone),
    version,
  };
  const customer: Grant['object'] = { kind: 'ACCOUNT_PROFILE', id: accountId };
  return [
    { subject: partnerSubject(partner.id), object: customer, ...validity },
    ...(partner.distributorId === null
      ? []
      : [{ subject: partnerSubject(partner.distributorId), object: customer, ...validity }]),
    { subject: { kind: 'ACCOUNT', id: accountId }, object: { kind: 'PARTNER', id: partner.id }, ...validity },
  ];
}

function partnerSubject(id: string): Grant['subject'] {
  return { kind: 'PARTNER', id };
}

function grantKey({ subject, object }: Grant): string {
  return `${subject.kind} ${subject.id} ${object.kind} ${object.id}`;
}

/** Relationships are never deleted and their versions only grow, so the sum grows with every change of either. */
function merge(left: Grant, right: Grant): Grant {
  return {
    ...left,
    from: left.from <= right.from ? left.from : right.from,
    until:
      left.until === null || right.until === null
        ? null
        : left.until >= right.until
          ? left.until
          : right.until,
    version: left.version + right.version,
  };
}

import { legalEntities } from '@fulfillment/kernel/domain/legal-entity';

/** Whose document it is, and in which legal entity. */
export interface DocumentOwner {
  readonly legalEntityCode: string;
  readonly invoiceOwnerAccountId: string;
}

const sandboxPrefix = `${legalEntities.SANDBOX.code}-`;

/**
 * The books whose days are posted together: those of a legal entity. Each sandbox account has books of its own, because it has a
 * clock of its own: a day that is over for one has not come for another.
 */
export function booksCodeOf({ legalEntityCode, invoiceOwnerAccountId }: DocumentOwner): string {
  return legalEntityCode === legalEntities.SANDBOX.code
    ? sandboxPrefix + invoiceOwnerAccountId
    : legalEntityCode;
}

/** True for the books of a sandbox account. */
export function isSandboxBooks(booksCode: string): boolean {
  return booksCode.startsWith(sandboxPrefix);
}

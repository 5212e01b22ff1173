import type { AccountStory, PartnerStory } from '@fulfillment/kernel/population/story';

/** Where a first look is worth while: what the printed tokens and queries are about. */
export interface DemoPointers {
  readonly product: {
    readonly accountId: string;
    readonly accountName: string;
    readonly deployment: { readonly id: string; readonly kind: string; readonly externalId: string };
  };
  readonly partner: { readonly partnerId: string; readonly partnerName: string };
}

/** Picks an account with a partner and a running subscription, and that partner. */
export class DemoPointerFinder {
  readonly #partners = new Map<string, PartnerStory>();
  #found: DemoPointers | undefined;

  addPartners(partners: readonly PartnerStory[]): void {
    for (const partner of partners) this.#partners.set(partner.id, partner);
  }

  addAccounts(accounts: readonly AccountStory[]): void {
    for (const account of accounts) this.#found ??= this.#look(account);
  }

  /** @throws when the population was too small to have such an account */
  result(): DemoPointers {
    if (!this.#found) throw new Error('No account buys from a partner: seed at least 100 accounts');
    return this.#found;
  }

  #look(account: AccountStory): DemoPointers | undefined {
    for (const deployment of account.deployments) {
      const { subscription } = deployment;
      const partner = subscription?.seller ? this.#partners.get(subscription.seller.id) : undefined;
      if (!partner || subscription?.scenario !== 'ACTIVE' || subscription.planCode !== 'PREMIUM') continue;
      const { id, kind, externalId } = deployment;
      return {
        product: { accountId: account.id, accountName: account.name, deployment: { id, kind, externalId } },
        partner: { partnerId: partner.id, partnerName: partner.name },
      };
    }
    return undefined;
  }
}

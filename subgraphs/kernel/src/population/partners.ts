import { addDays, type LocalDate } from '../domain/calendar.js';
import { derivedId } from '../domain/ids.js';
import { accountBasics, instantOn } from './account-basics.js';
import { companyName, slug } from './names.js';
import { createRandom } from './random.js';
import type { PartnerReference, PartnerStory } from './story.js';

/** How many partners a population of a size has: one distributor for every four resellers. */
export function partnerCounts(accounts: number): { distributors: number; resellers: number } {
  const resellers = Math.max(4, Math.round(2 * Math.sqrt(accounts / 4)));
  return { distributors: Math.max(2, Math.round(resellers / 4)), resellers };
}

/** Every partner of a population: first the distributors, then the resellers, of which two in three buy from one. */
export function partnerStories(accounts: number, today: LocalDate): PartnerStory[] {
  const { distributors, resellers } = partnerCounts(accounts);
  return [
    ...Array.from({ length: distributors }, (_, index) =>
      partnerStory('DISTRIBUTOR', index, distributors, today),
    ),
    ...Array.from({ length: resellers }, (_, index) => partnerStory('RESELLER', index, distributors, today)),
  ];
}

/** The reseller of a number, as a deal refers to it. */
export function resellerReference(index: number, accounts: number): PartnerReference {
  const distributor = distributorOf(index, partnerCounts(accounts).distributors);
  return {
    id: partnerId('RESELLER', index),
    accountId: partnerAccountId('RESELLER', index),
    distributor:
      distributor === null
        ? null
        : {
            id: partnerId('DISTRIBUTOR', distributor),
            accountId: partnerAccountId('DISTRIBUTOR', distributor),
          },
  };
}

function partnerStory(
  kind: PartnerStory['kind'],
  index: number,
  distributors: number,
  today: LocalDate,
): PartnerStory {
  const random = createRandom(`partner-${kind}-${index}`);
  const name = `${companyName(random)} ${kind === 'DISTRIBUTOR' ? 'Distribution' : 'Solutions'}`;
  const opened = addDays(today, -random.integer(1_500, 2_500));
  const distributor = kind === 'RESELLER' ? distributorOf(index, distributors) : null;
  return {
    id: partnerId(kind, index),
    name,
    kind,
    distributorId: distributor === null ? null : partnerId('DISTRIBUTOR', distributor),
    contactEmail: `partners@${slug(name)}.example`,
    agreement: {
      startDate: opened,
      endDate: addDays(today, random.integer(120, 900)),
      commissionRatePercent:
        kind === 'DISTRIBUTOR' ? random.pick(['4', '5']) : random.pick(['7.5', '8', '10', '12.5']),
    },
    account: {
      ...accountBasics(random, partnerAccountId(kind, index), name),
      segment: kind === 'DISTRIBUTOR' ? 'ENTERPRISE' : 'MID_MARKET',
      paymentTermsDays: 45,
      createdAt: instantOn(opened, random),
      deployments: [],
      soldBy: [],
    },
  };
}

/** Two resellers in three buy from a distributor, the third from us. */
function distributorOf(reseller: number, distributors: number): number | null {
  return reseller % 3 === 2 ? null : reseller % distributors;
}

function partnerId(kind: PartnerStory['kind'], index: number): string {
  return derivedId('demo-partner', kind, index);
}

function partnerAccountId(kind: PartnerStory['kind'], index: number): string {
  return derivedId('demo-partner-account', kind, index);
}

import { addDays, compareDates, localDate, type LocalDate } from '../domain/calendar.js';
import { deploymentId, derivedId, type DeploymentKind } from '../domain/ids.js';
import { accountBasics, instantOn } from './account-basics.js';
import { companyName, slug } from './names.js';
import { partnerCounts, resellerReference } from './partners.js';
import { createRandom, type Random } from './random.js';
import type { AccountStory, DeploymentStory, PartnerReference } from './story.js';
import { subscriptionStory } from './subscriptions.js';

export interface PopulationSetting {
  /** The size of the whole population: it decides how many partners there are. */
  readonly accounts: number;
  readonly today: LocalDate;
}

/** The account of a number: the same number, size and day always make the same account. */
export function accountStory(index: number, setting: PopulationSetting): AccountStory {
  const random = createRandom(`account-${index}`);
  const company = companyName(random);
  const id = derivedId('demo-account', index);
  const basics = accountBasics(random, id, company);
  const segment = random.weighted<AccountStory['segment']>([
    ['SMALL_BUSINESS', 5],
    ['MID_MARKET', 3],
    ['ENTERPRISE', 2],
  ]);
  const paymentTermsDays = segment === 'ENTERPRISE' ? random.pick([30, 45, 60]) : 30;
  const sellers = sellersOf(random, setting.accounts);
  const deployments = deploymentKinds(random, segment, sellers.length).map((kind, place) =>
    deploymentStory(random, {
      kind,
      // Two deployments of one account, and two accounts of one name, still have ids of their own.
      externalId: externalId(kind, slug(company), index, place),
      name: place === 0 ? company : `${company} ${place + 1}`,
      accountId: id,
      segment,
      paymentTermsDays,
      buyer: basics.contacts[0]?.email ?? id,
      seller: sellers[place] ?? null,
      today: setting.today,
    }),
  );
  const opened = openedOn(deployments, setting.today, random);
  return {
    ...basics,
    segment,
    paymentTermsDays,
    createdAt: instantOn(opened, random),
    deployments,
    soldBy: relationships(deployments, opened),
  };
}

/** Three accounts in four buy from us; of the others, one in eight buys from two partners. */
function sellersOf(random: Random, accounts: number): (PartnerReference | null)[] {
  if (!random.chance(0.25)) return [];
  const { resellers } = partnerCounts(accounts);
  const first = random.integer(0, resellers - 1);
  const sellers = [resellerReference(first, accounts)];
  if (random.chance(0.125)) sellers.push(resellerReference((first + 1) % resellers, accounts));
  return sellers;
}

function deploymentKinds(
  random: Random,
  segment: AccountStory['segment'],
  sellers: number,
): DeploymentKind[] {
  const count = Math.max(
    sellers,
    random.weighted([
      [1, 75],
      [2, 20],
      [3, 5],
    ]),
  );
  return Array.from({ length: count }, () =>
    random.weighted<DeploymentKind>([
      ['SAAS_NAMESPACE', 55],
      ['SELF_MANAGED_INSTANCE', 35],
      ['DEDICATED_TENANT', segment === 'ENTERPRISE' ? 25 : 0],
    ]),
  );
}

function externalId(kind: DeploymentKind, company: string, index: number, place: number): string {
  const unique = place === 0 ? `${company}-${index}` : `${company}-${index}-${place + 1}`;
  const forms: Record<DeploymentKind, string> = {
    SAAS_NAMESPACE: unique,
    SELF_MANAGED_INSTANCE: `code.${unique}.example`,
    DEDICATED_TENANT: `tenant-${unique}`,
  };
  return forms[kind];
}

interface DeploymentSetting {
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name: string;
  readonly accountId: string;
  readonly segment: AccountStory['segment'];
  readonly paymentTermsDays: number;
  readonly buyer: string;
  readonly seller: PartnerReference | null;
  readonly today: LocalDate;
}

/** One deployment in eight is on the free plan; one that a partner sells to, or a dedicated tenant, never is. */
function deploymentStory(random: Random, setting: DeploymentSetting): DeploymentStory {
  const id = deploymentId(setting.kind, setting.externalId);
  const free = setting.seller === null && setting.kind !== 'DEDICATED_TENANT' && random.chance(0.125);
  const subscription = free
    ? null
    : subscriptionStory(random, { ...setting, deploymentId: id, deploymentKind: setting.kind });
  const firstSeen = subscription
    ? addDays(subscription.terms[0]?.startDate ?? setting.today, -random.integer(2, 90))
    : addDays(setting.today, -random.integer(30, 900));
  const purchased = subscription?.quantity ?? random.integer(1, 5);
  const compute = random.integer(0, subscription ? 30_000 : 400);
  return {
    id,
    kind: setting.kind,
    externalId: setting.externalId,
    name: setting.name,
    registeredAt: instantOn(firstSeen, random),
    seats: seats(random, purchased, setting.today),
    featureUse: [
      { key: 'compute_minutes', used: compute },
      { key: 'storage_gb', used: random.integer(0, 40) },
      { key: 'projects', used: random.integer(1, 20 + purchased) },
    ],
    subscription,
  };
}

/** Three in five have room, one in five is nearly full, one in five went over. */
function seats(random: Random, purchased: number, today: LocalDate): DeploymentStory['seats'] {
  const percent = random.weighted([
    [random.integer(20, 79), 3],
    [random.integer(81, 100), 1],
    [random.integer(101, 125), 1],
  ]);
  const used = Math.max(1, Math.ceil((purchased * percent) / 100));
  const maximum = used + (random.chance(0.3) ? random.integer(0, Math.ceil(purchased / 20)) : 0);
  return { used, maximum, reportedAt: new Date(Date.parse(`${today}T02:00:00Z`) - 86_400_000) };
}

function openedOn(deployments: readonly DeploymentStory[], today: LocalDate, random: Random): LocalDate {
  const firstSeen = deployments.map((deployment) =>
    localDate(deployment.registeredAt.toISOString().slice(0, 10)),
  );
  const earliest = [today, ...firstSeen].reduce((left, right) =>
    compareDates(left, right) <= 0 ? left : right,
  );
  return addDays(earliest, -random.integer(1, 60));
}

function relationships(deployments: readonly DeploymentStory[], since: LocalDate): AccountStory['soldBy'] {
  const partners = new Map<string, PartnerReference>();
  for (const { subscription } of deployments) {
    if (subscription?.seller) partners.set(subscription.seller.id, subscription.seller);
  }
  return [...partners.values()].map((partner) => ({ partner, since }));
}

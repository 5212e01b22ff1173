import { addDays, addMonths, compareDates, daysBetween, type LocalDate } from '../domain/calendar.js';
import { derivedId, type DeploymentKind } from '../domain/ids.js';
import { instantOn } from './account-basics.js';
import type { Random } from './random.js';
import type {
  AccountStory,
  PartnerReference,
  SubscriptionScenario,
  SubscriptionStory,
  TermStory,
} from './story.js';

const trialDays = 30;

export interface SubscriptionSetting {
  readonly deploymentId: string;
  readonly deploymentKind: DeploymentKind;
  readonly segment: AccountStory['segment'];
  readonly paymentTermsDays: number;
  readonly buyer: string;
  readonly seller: PartnerReference | null;
  readonly today: LocalDate;
}

/** What was bought for a deployment and what became of it until today. */
export function subscriptionStory(random: Random, setting: SubscriptionSetting): SubscriptionStory {
  const scenario = scenarioFor(random, setting);
  const terms =
    scenario === 'TRIAL' ? trialTerms(random, setting.today) : paidTerms(random, scenario, setting);
  const [first] = terms;
  const last = terms.at(-1);
  if (!first || !last) throw new Error('A subscription has a first term');
  const orderId = derivedId('demo-order', setting.deploymentId);
  const actionId = derivedId('demo-order-action', orderId);
  return {
    scenario,
    subscriptionId: derivedId('subscription', actionId),
    orderId,
    actionId,
    ...purchase(random, setting, scenario),
    seller: setting.seller,
    placedAt: first.recordedAt,
    placedBy: setting.seller ? `partner:${setting.seller.id}` : `person:${setting.buyer}`,
    purchaseOrderNumber: random.chance(0.6) ? `PO-${random.integer(10_000, 99_999)}` : null,
    trial: scenario === 'TRIAL',
    autoRenewal:
      scenario === 'ACTIVE' || scenario === 'OVERDUE' ? terms.length > 1 || random.chance(0.8) : false,
    terms,
    canceledOn: scenario === 'CANCELED' ? dunnedOn(random, last.startDate, setting) : null,
  };
}

function scenarioFor(random: Random, { seller }: SubscriptionSetting): SubscriptionScenario {
  return random.weighted<SubscriptionScenario>([
    ['ACTIVE', 66],
    ['OVERDUE', 10],
    ['LAPSED', 11],
    ['CANCELED', 5],
    ['TRIAL', seller ? 0 : 8],
  ]);
}

function purchase(
  random: Random,
  { deploymentKind, segment }: SubscriptionSetting,
  scenario: SubscriptionScenario,
): Pick<SubscriptionStory, 'planCode' | 'quantity' | 'addOns'> {
  if (deploymentKind === 'DEDICATED_TENANT') {
    const quantity = random.integer(10, 40) * 100;
    return { planCode: 'DEDICATED', quantity, addOns: addOns(random, quantity, scenario) };
  }
  const quantity =
    segment === 'SMALL_BUSINESS'
      ? random.integer(3, 40)
      : segment === 'MID_MARKET'
        ? random.integer(30, 400)
        : random.integer(200, 2_500);
  const planCode = random.chance(segment === 'ENTERPRISE' ? 0.6 : 0.25) ? 'ULTIMATE' : 'PREMIUM';
  return { planCode, quantity, addOns: addOns(random, quantity, scenario) };
}

function addOns(random: Random, seats: number, scenario: SubscriptionScenario): SubscriptionStory['addOns'] {
  if (scenario === 'TRIAL') return [];
  const chosen: { productCode: string; quantity: number }[] = [];
  if (random.chance(0.25)) {
    const quantity = Math.max(1, Math.round((seats * random.integer(3, 10)) / 10));
    chosen.push({ productCode: random.chance(0.7) ? 'AI_ADD_ON' : 'AI_ENTERPRISE_ADD_ON', quantity });
  }
  if (random.chance(0.2)) chosen.push({ productCode: 'COMPUTE_MINUTES', quantity: random.integer(1, 20) });
  if (random.chance(0.12)) chosen.push({ productCode: 'STORAGE', quantity: random.integer(1, 10) });
  return chosen;
}

function trialTerms(random: Random, today: LocalDate): TermStory[] {
  const startDate = addDays(today, -random.integer(1, trialDays - 1));
  return [
    {
      startDate,
      endDate: addDays(startDate, trialDays),
      months: null,
      recordedAt: instantOn(addDays(startDate, -1), random),
      paidOn: null,
    },
  ];
}

/** Yearly terms from the first up to the one that today lies in, or up to the one that was the last. */
function paidTerms(
  random: Random,
  scenario: SubscriptionScenario,
  setting: SubscriptionSetting,
): TermStory[] {
  const firstStart = firstTermStart(random, scenario, setting);
  const lastEnd = scenario === 'LAPSED' ? setting.today : addDays(setting.today, 1);
  const terms: TermStory[] = [];
  for (let year = 0; ; year += 1) {
    const startDate = addMonths(firstStart, 12 * year);
    const endDate = addMonths(firstStart, 12 * (year + 1));
    if (
      compareDates(startDate, lastEnd) >= 0 ||
      (scenario === 'LAPSED' && compareDates(endDate, lastEnd) > 0)
    )
      break;
    const recordedAt = instantOn(addDays(startDate, -1), random);
    terms.push({
      startDate,
      endDate,
      months: 12,
      recordedAt,
      paidOn: paymentDay(random, startDate, setting),
    });
  }
  const last = terms.at(-1);
  if (last && isUnpaid(scenario)) terms[terms.length - 1] = { ...last, paidOn: null };
  return terms;
}

/** Chosen so that the last term has the scenario's place against today. */
function firstTermStart(
  random: Random,
  scenario: SubscriptionScenario,
  { today, paymentTermsDays }: SubscriptionSetting,
): LocalDate {
  const earlierYears = random.weighted([
    [0, 5],
    [1, 3],
    [2, 2],
  ]);
  const daysBeforeToday: Record<SubscriptionScenario, () => number> = {
    ACTIVE: () => random.integer(2, 364),
    OVERDUE: () => random.integer(paymentTermsDays + 5, Math.min(364, paymentTermsDays + 28)),
    CANCELED: () => random.integer(paymentTermsDays + daysOfDunning + 5, 364),
    LAPSED: () => 366 + (random.chance(0.3) ? random.integer(1, 12) : random.integer(20, 250)),
    TRIAL: () => 0,
  };
  return addMonths(addDays(today, -daysBeforeToday[scenario]()), -12 * earlierYears);
}

/** Most pay around the due day; what would lie in the future is not paid yet. */
function paymentDay(random: Random, startDate: LocalDate, { today, paymentTermsDays }: SubscriptionSetting) {
  const day = addDays(startDate, random.integer(1, paymentTermsDays + 4));
  return compareDates(day, today) < 0 ? day : null;
}

/** What stays unpaid is reminded of for some weeks, then the subscription ends. */
const daysOfDunning = 45;

function isUnpaid(scenario: SubscriptionScenario): boolean {
  return scenario === 'OVERDUE' || scenario === 'CANCELED';
}

function dunnedOn(
  random: Random,
  termStart: LocalDate,
  { today, paymentTermsDays }: SubscriptionSetting,
): LocalDate {
  const earliest = addDays(termStart, paymentTermsDays + daysOfDunning);
  return addDays(earliest, random.integer(0, Math.min(60, daysBetween(earliest, today) - 1)));
}

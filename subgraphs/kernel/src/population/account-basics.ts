import type { LocalDate } from '../domain/calendar.js';
import { derivedId } from '../domain/ids.js';
import { personName, slug } from './names.js';
import { places } from './places.js';
import type { Random } from './random.js';
import type { AccountStory, ContactStory } from './story.js';

type AccountBasics = Pick<
  AccountStory,
  'id' | 'name' | 'countryCode' | 'billingTimeZone' | 'currency' | 'legalEntityCode' | 'contacts'
>;

/** Where a company sits and who works there. */
export function accountBasics(random: Random, id: string, company: string): AccountBasics {
  const place = random.weighted(places);
  return {
    id,
    name: `${company} ${random.pick(place.companyForms)}`,
    countryCode: place.countryCode,
    billingTimeZone: random.pick(place.timeZones),
    currency: 'USD',
    legalEntityCode: place.legalEntityCode,
    contacts: [contact(random, id, company, 'BILLING'), contact(random, id, company, 'SOLD_TO')],
  };
}

function contact(
  random: Random,
  accountId: string,
  company: string,
  role: ContactStory['role'],
): ContactStory {
  const { given, family } = personName(random);
  return {
    id: derivedId('demo-contact', accountId, role),
    name: `${given} ${family}`,
    email: `${slug(given)}.${slug(family)}@${slug(company)}.example`,
    role,
  };
}

/** An instant in the working hours of a day, UTC. */
export function instantOn(day: LocalDate, random: Random): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + random.integer(7 * 3_600, 18 * 3_600) * 1_000);
}

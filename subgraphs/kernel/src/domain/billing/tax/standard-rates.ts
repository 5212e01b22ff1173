import { compareDates, type LocalDate, localDate } from '../../calendar.js';

/** Since a day, in per cent. */
type Since = readonly [from: string, rate: string];

/**
 * Member states of the European Union with the standard rates of their value-added tax, the latest last, from before 2015 on.
 * Source: European Commission, Taxes in Europe Database (TEDB) and "VAT rates applied in the Member States", as published early in 2026.
 * Not told apart: territories with other rates (Canary Islands, Madeira, Azores and their like), because an account says its country alone.
 */
const europeanUnion: Readonly<Record<string, readonly Since[]>> = {
  AT: [['1984-01-01', '20']],
  BE: [['1996-01-01', '21']],
  BG: [['1999-01-01', '20']],
  CY: [['2014-01-13', '19']],
  CZ: [['2013-01-01', '21']],
  DE: [
    ['2007-01-01', '19'],
    ['2020-07-01', '16'],
    ['2021-01-01', '19'],
  ],
  DK: [['1992-01-01', '25']],
  EE: [
    ['2009-07-01', '20'],
    ['2024-01-01', '22'],
    ['2025-07-01', '24'],
  ],
  ES: [['2012-09-01', '21']],
  FI: [
    ['2013-01-01', '24'],
    ['2024-09-01', '25.5'],
  ],
  FR: [['2014-01-01', '20']],
  GR: [
    ['2010-07-01', '23'],
    ['2016-06-01', '24'],
  ],
  HR: [['2012-03-01', '25']],
  HU: [['2012-01-01', '27']],
  IE: [
    ['2012-01-01', '23'],
    ['2020-09-01', '21'],
    ['2021-03-01', '23'],
  ],
  IT: [['2013-10-01', '22']],
  LT: [['2009-09-01', '21']],
  LU: [
    ['2015-01-01', '17'],
    ['2023-01-01', '16'],
    ['2024-01-01', '17'],
  ],
  LV: [['2012-07-01', '21']],
  MT: [['2004-01-01', '18']],
  NL: [['2012-10-01', '21']],
  PL: [['2011-01-01', '23']],
  PT: [['2011-01-01', '23']],
  RO: [
    ['2010-07-01', '24'],
    ['2016-01-01', '20'],
    ['2017-01-01', '19'],
    ['2025-08-01', '21'],
  ],
  SE: [['1990-07-01', '25']],
  SI: [['2013-07-01', '22']],
  SK: [
    ['2011-01-01', '20'],
    ['2025-01-01', '23'],
  ],
};

/**
 * Other countries that accounts are in, as published early in 2026. They apply where a legal entity of ours is registered there.
 * Missing on purpose: the United States, Canada and Brazil have no one national rate; it takes the state or province.
 * Source: each country's tax authority (HMRC, ESTV, Skatteetaten, National Tax Agency of Japan, National Tax Service of Korea,
 * ATO, Inland Revenue of New Zealand, IRAS, SAT, and for India the integrated tax on information technology services, CBIC).
 */
const elsewhere: Readonly<Record<string, readonly Since[]>> = {
  AU: [['2000-07-01', '10']],
  CH: [
    ['2011-01-01', '8'],
    ['2018-01-01', '7.7'],
    ['2024-01-01', '8.1'],
  ],
  GB: [['2011-01-04', '20']],
  IN: [['2017-07-01', '18']],
  JP: [
    ['2014-04-01', '8'],
    ['2019-10-01', '10'],
  ],
  KR: [['1977-07-01', '10']],
  MX: [['2014-01-01', '16']],
  NO: [['2005-01-01', '25']],
  NZ: [['2010-10-01', '15']],
  SG: [
    ['2007-07-01', '7'],
    ['2023-01-01', '8'],
    ['2024-01-01', '9'],
  ],
};

const rates = { ...europeanUnion, ...elsewhere };

/** The member states of the European Union, by ISO 3166-1 code. Tax law's own "EL" for Greece is GR here. */
export const euMemberStates: readonly string[] = Object.keys(europeanUnion);

/** A country's standard rate on a day, in per cent; null where none is known. */
export function standardRateOn(countryCode: string, on: LocalDate): string | null {
  const known = Object.hasOwn(rates, countryCode) ? (rates[countryCode] ?? []) : [];
  return known.findLast(([from]) => compareDates(localDate(from), on) <= 0)?.[1] ?? null;
}

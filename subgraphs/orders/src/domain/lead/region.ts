/** A part of the world, as sales is divided. */
export type LeadRegion = 'AMERICAS' | 'APAC' | 'EMEA';

/** The countries of the Americas, and those of Asia east of the Middle East with Oceania (UN M49), by ISO 3166. */
const americas =
  'AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN KY LC MF MQ MS ' +
  'MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI';
const asiaAndOceania =
  'AF AS AU BD BN BT CC CK CN CX FJ FM GU HK HM ID IN IO JP KG KH KI KP KR KZ LA LK MH MM MN MO MP MV MY NC NF NP NR NU ' +
  'NZ PF PG PH PK PN PW SB SG TH TJ TK TL TM TO TV TW UM UZ VN VU WF WS';

const regions: ReadonlyMap<string, LeadRegion> = new Map([
  ...americas.split(' ').map((code) => [code, 'AMERICAS'] as const),
  ...asiaAndOceania.split(' ').map((code) => [code, 'APAC'] as const),
]);

/** The region of a country; every other is of Europe, the Middle East and Africa. */
export function regionOf(countryCode: string): LeadRegion {
  return regions.get(countryCode) ?? 'EMEA';
}

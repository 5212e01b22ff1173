/** Countries of Europe by their ISO 3166-1 codes: our company in the Netherlands sells there. */
const european =
  'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK ' +
  'MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA';

/** The other countries of ISO 3166-1: our company in the United States sells there. */
const others =
  'AE AF AG AI AM AO AQ AR AS AU AW AZ BB BD BF BH BI BJ BL BM BN BO BQ BR BS BT BV BW BZ CA CC CD CF CG CI CK CL ' +
  'CM CN CO CR CU CV CW CX DJ DM DO DZ EC EG EH ER ET FJ FK FM GA GD GE GF GH GL GM GN GP GQ GS GT GU GW GY HK HM ' +
  'HN HT ID IL IN IO IQ IR JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LK LR LS LY MA MF MG MH ML MM MN MO ' +
  'MP MQ MR MS MU MV MW MX MY MZ NA NC NE NF NG NI NP NR NU NZ OM PA PE PF PG PH PK PM PN PR PS PW PY QA RE RW SA ' +
  'SB SC SD SG SH SL SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UG UM US UY UZ VC ' +
  'VE VG VI VN VU WF WS YE YT ZA ZM ZW';

/** By country, the company of ours that sells there. */
export const sellers: ReadonlyMap<string, 'EU' | 'US'> = new Map([
  ...european.split(' ').map((code) => [code, 'EU'] as const),
  ...others.split(' ').map((code) => [code, 'US'] as const),
]);

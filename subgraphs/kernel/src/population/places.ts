/** A country with the time zones that its accounts bill in and the company of ours that sells there. */
export interface Place {
  readonly countryCode: string;
  readonly timeZones: readonly string[];
  readonly legalEntityCode: 'US' | 'EU';
  /** What a company's name ends with there. */
  readonly companyForms: readonly string[];
}

export const places: readonly (readonly [place: Place, weight: number])[] = [
  [
    place(
      'US',
      'US',
      ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'],
      ['Inc.', 'LLC', 'Corp.'],
    ),
    30,
  ],
  [place('DE', 'EU', ['Europe/Berlin'], ['GmbH', 'AG']), 12],
  [place('GB', 'EU', ['Europe/London'], ['Ltd', 'plc']), 9],
  [place('FR', 'EU', ['Europe/Paris'], ['SA', 'SAS']), 7],
  [place('JP', 'US', ['Asia/Tokyo'], ['K.K.']), 6],
  [place('CA', 'US', ['America/Toronto', 'America/Vancouver', 'America/St_Johns'], ['Inc.', 'Ltd.']), 5],
  [place('NL', 'EU', ['Europe/Amsterdam'], ['B.V.']), 4],
  [place('AU', 'US', ['Australia/Sydney', 'Australia/Adelaide', 'Australia/Lord_Howe'], ['Pty Ltd']), 4],
  [place('IN', 'US', ['Asia/Kolkata'], ['Pvt. Ltd.']), 4],
  [place('CH', 'EU', ['Europe/Zurich'], ['AG', 'GmbH']), 3],
  [place('SE', 'EU', ['Europe/Stockholm'], ['AB']), 3],
  [place('ES', 'EU', ['Europe/Madrid', 'Atlantic/Canary'], ['S.L.', 'S.A.']), 3],
  [place('IT', 'EU', ['Europe/Rome'], ['S.r.l.', 'S.p.A.']), 3],
  [place('PL', 'EU', ['Europe/Warsaw'], ['Sp. z o.o.']), 2],
  [place('BR', 'US', ['America/Sao_Paulo', 'America/Manaus'], ['Ltda.', 'S.A.']), 2],
  [place('KR', 'US', ['Asia/Seoul'], ['Co., Ltd.']), 2],
  [place('SG', 'US', ['Asia/Singapore'], ['Pte. Ltd.']), 2],
  [place('NZ', 'US', ['Pacific/Auckland', 'Pacific/Chatham'], ['Limited']), 1],
  [place('NO', 'EU', ['Europe/Oslo'], ['AS']), 1],
  [place('MX', 'US', ['America/Mexico_City'], ['S.A. de C.V.']), 1],
];

function place(
  countryCode: string,
  legalEntityCode: Place['legalEntityCode'],
  timeZones: readonly string[],
  companyForms: readonly string[],
): Place {
  return { countryCode, legalEntityCode, timeZones, companyForms };
}

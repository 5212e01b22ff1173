/** Where a lead stands. */
export type LeadStatus = 'NEW' | 'WORKING' | 'QUALIFIED' | 'DISQUALIFIED' | 'CONVERTED';

/** To what somebody may move a lead on, from where it stands. CONVERTED is final. */
const moves: Readonly<Record<LeadStatus, readonly LeadStatus[]>> = {
  NEW: ['WORKING', 'QUALIFIED', 'DISQUALIFIED'],
  WORKING: ['QUALIFIED', 'DISQUALIFIED'],
  QUALIFIED: ['WORKING', 'CONVERTED', 'DISQUALIFIED'],
  DISQUALIFIED: ['WORKING'],
  CONVERTED: [],
};

/** To what a lead can come from where it stands. */
export function movesFrom(status: LeadStatus): readonly LeadStatus[] {
  return moves[status];
}

/** Those that an order makes CONVERTED, from wherever they stand. What a person said comes to nothing stays so. */
export const openStatuses = ['NEW', 'WORKING', 'QUALIFIED'] as const satisfies readonly LeadStatus[];

/** Where a lead stands after the person was heard of again: what had come to nothing is new. */
export function afterTouch(status: LeadStatus): LeadStatus {
  return status === 'DISQUALIFIED' ? 'NEW' : status;
}

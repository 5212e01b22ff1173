import type { LeadPolicy } from '../domain/lead/policy.js';

/**
 * How an installation begins to score and assign leads. It is stored at the first start; what our own people set later
 * stays. Owners are the addresses of teams.
 */
export const startingLeadPolicy: LeadPolicy = {
  scoring: [
    {
      code: 'ASKED_FOR_SALES',
      condition: { kind: 'SALES_REQUESTED' },
      points: 30,
      reason: 'Asked to talk to sales',
    },
    { code: 'TRIAL', condition: { kind: 'TRIAL_STARTED' }, points: 20, reason: 'Started a trial' },
    {
      code: 'ENTERPRISE',
      condition: { kind: 'SEGMENT', segment: 'ENTERPRISE' },
      points: 30,
      reason: '2,000 employees and more',
    },
    {
      code: 'MID_MARKET',
      condition: { kind: 'SEGMENT', segment: 'MID_MARKET' },
      points: 15,
      reason: '100 to 1,999 employees',
    },
    {
      code: 'HUNDRED_SEATS',
      condition: { kind: 'SEATS_AT_LEAST', seats: 100 },
      points: 20,
      reason: 'It is about 100 seats or more',
    },
    {
      code: 'WANTS_A_FEATURE',
      condition: { kind: 'FEATURE_WANTED' },
      points: 10,
      reason: 'A locked feature was clicked or tried',
    },
    {
      code: 'PARTNER',
      condition: { kind: 'SOLD_BY_PARTNER' },
      points: -20,
      reason: 'A partner sells to the customer',
    },
  ],
  assignment: [
    { region: 'AMERICAS', segment: 'ENTERPRISE', owner: 'enterprise-americas@sales.example' },
    { region: 'EMEA', segment: 'ENTERPRISE', owner: 'enterprise-emea@sales.example' },
    { region: 'APAC', segment: 'ENTERPRISE', owner: 'enterprise-apac@sales.example' },
    { region: 'AMERICAS', segment: null, owner: 'americas@sales.example' },
    { region: 'EMEA', segment: null, owner: 'emea@sales.example' },
    { region: 'APAC', segment: null, owner: 'apac@sales.example' },
  ],
  defaultOwner: 'leads@sales.example',
};

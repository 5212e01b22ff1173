import { expect, test } from 'vitest';
import { movesAlong, type Deployment } from './deployment.js';

const deployment: Deployment = {
  id: 'deployment',
  version: 1,
  kind: 'SAAS_NAMESPACE',
  externalId: 'group-1',
  name: 'Acme platform',
  accountId: 'acme',
  registeredAt: new Date('2026-01-01T00:00:00Z'),
};

test.each<[why: string, newest: Parameters<typeof movesAlong>[1], moves: boolean]>([
  ['it ran here for the account that has it', { deploymentId: 'deployment', accountId: 'acme' }, true],
  ['it never ran anywhere', null, false],
  ['it ran another deployment', { deploymentId: 'other', accountId: 'acme' }, false],
  [
    'it ran here for an account that has it no longer',
    { deploymentId: 'deployment', accountId: 'former' },
    false,
  ],
])('a subscription takes a deployment along or not: %s', (_why, newest, moves) => {
  expect(movesAlong(deployment, newest)).toBe(moves);
});

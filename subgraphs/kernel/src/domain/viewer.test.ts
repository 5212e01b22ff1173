import { expect, test } from 'vitest';

import { clientOf, hasScope, type Viewer } from './viewer.js';

test('a viewer has the scopes of its token and no others', () => {
  const viewer: Viewer = { audience: 'internal', subject: 'ada', scopes: new Set(['billing:read']) };
  expect(hasScope(viewer, 'billing:read')).toBe(true);
  expect(hasScope(viewer, 'billing')).toBe(false);
});

test('tokens of one subject that name different deployments, or none, are different clients', () => {
  const viewer = { audience: 'product', subject: 'web', scopes: new Set<string>(), accountId: 'a' } as const;
  const clients = [null, 'd1', 'd2'].map((deploymentId) => clientOf({ ...viewer, deploymentId }));
  expect(new Set(clients).size).toBe(3);
});

import { expect, test } from 'vitest';

import { hasScope, type Viewer } from './viewer.js';

test('a viewer has the scopes of its token and no others', () => {
  const viewer: Viewer = { audience: 'internal', subject: 'ada', scopes: new Set(['billing:read']) };
  expect(hasScope(viewer, 'billing:read')).toBe(true);
  expect(hasScope(viewer, 'billing')).toBe(false);
});

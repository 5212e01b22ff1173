import { expect, it } from 'vitest';
import { progressBar } from './progress-bar.js';

it.each([
  [0, 0.2, `${'░'.repeat(24)}   0 %  0 of 400 accounts`],
  [100, 24, `${'█'.repeat(6)}${'░'.repeat(18)}  25 %  100 of 400 accounts, about 1 min 12 s left`],
  [399, 60, `${'█'.repeat(24)}  99 %  399 of 400 accounts, about 1 s left`],
  [400, 60, `${'█'.repeat(24)} 100 %  400 of 400 accounts`],
])('shows %i of 400 after %d seconds', (done, seconds, line) => {
  expect(progressBar({ done, total: 400, unit: 'accounts', seconds })).toBe(line);
});

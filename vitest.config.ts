import { defineConfig } from 'vitest/config';
import './test/map-group-by.js';

/** Our packages are read from their sources. */
const conditions = ['source', 'node'];

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions } },
  // Where vitest itself runs the global setup.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});

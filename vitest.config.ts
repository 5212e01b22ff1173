import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { unreturnedJobs } from './subgraphs/kernel/src/server/bus/unreturned-jobs.js';
import './test/map-group-by.js';

/** Our packages are read from their sources. */
const conditions = ['source', 'node'];

export default defineConfig({
  resolve: {
    conditions: ['source'],
    // One graphql for our sources and for libraries, as Node has it: of two, each refuses the other's schemas.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  ssr: { resolve: { conditions } },
  // Where vitest itself runs the global setup.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What comes at once on a quiet machine may take seconds on a busy one.
    expect: { poll: { timeout: 10_000 } },
    // A process of the system goes on over it, too (`server/main.ts`).
    onUnhandledError: (error) => (error.message.startsWith(unreturnedJobs) ? false : undefined),
    pool: 'forks',
    maxWorkers: 2,
  },
});

import { runProcess } from '@fulfillment/kernel/server/main';
import { readEnvironment } from './environment.js';
import { startPartners } from './start.js';

// `async`, so that an incomplete environment is told like any other failure at the start.
await runProcess(async () => startPartners(readEnvironment()));

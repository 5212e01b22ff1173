import { runProcess } from '@fulfillment/kernel/server/main';
import { readEnvironment } from './environment.js';
import { startOrders } from './start.js';

// The environment is read inside, so that what is wrong with it is told like any other failure at the start.
await runProcess(async () => startOrders(readEnvironment()));

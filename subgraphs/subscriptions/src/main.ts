import { runProcess } from '@fulfillment/kernel/server/main';
import { readEnvironment } from './environment.js';
import { startSubscriptions } from './start.js';

await runProcess(async () => startSubscriptions(readEnvironment()));

import { parseEnvironment, serviceEnvironmentSchema } from '@fulfillment/kernel/server/environment';
import { runProcess } from '@fulfillment/kernel/server/main';
import { readEnvironment } from './environment.js';
import { startOrders } from './start.js';

// The environment is parsed inside, so that what is wrong with it is told in one readable message.
await runProcess(async () => startOrders(parseEnvironment(serviceEnvironmentSchema, readEnvironment())));

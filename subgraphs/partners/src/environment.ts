import { parseEnvironment, serviceEnvironmentSchema } from '@fulfillment/kernel/server/environment';

/** The one place where this process reads its environment. */
export const readEnvironment = () => parseEnvironment(serviceEnvironmentSchema, process.env);

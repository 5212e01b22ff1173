import {
  parseEnvironment,
  type ServiceEnvironment,
  serviceEnvironmentSchema,
} from '@fulfillment/kernel/server/environment';

/** The environment of this process: the one place that reads it. Throws an EnvironmentError that lists what is wrong. */
export function readEnvironment(): ServiceEnvironment {
  return parseEnvironment(serviceEnvironmentSchema, process.env);
}

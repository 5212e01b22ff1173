import type { ServiceEnvironment } from '@fulfillment/kernel/server/environment';
import {
  startService,
  type RunningService,
  type ServiceOptions,
} from '@fulfillment/kernel/server/start-service';
import { partnersDefinition } from './definition.js';

/** Starts the partners service: migrations, events, GraphQL and probes. */
export function startPartners(
  environment: ServiceEnvironment,
  options: ServiceOptions = {},
): Promise<RunningService> {
  return startService(partnersDefinition, environment, options);
}

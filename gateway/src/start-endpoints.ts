import type { ApolloServerPlugin } from '@apollo/server';
import { AUDIENCES } from '@fulfillment/schema/audience';
import type { Logger } from 'pino';
import type { GatewayContext } from './context.js';
import type { SubgraphFetch } from './execution/subgraph-fetch.js';
import type { Executed } from './fast-path/executed.js';
import { createFastPath } from './fast-path/fast-path.js';
import type { Plugins } from './fast-path/plugin-run.js';
import { createSharedExecutions } from './fast-path/shared-executions.js';
import { admissionPlugin } from './protection/admission-plugin.js';
import { formatError } from './protection/error-format.js';
import type { Protection } from './start-protection.js';
import type { RunningSupergraph } from './start-supergraph.js';
import { createAudienceGateway } from './supergraph/audience-gateway.js';
import { createAudienceServer } from './supergraph/audience-server.js';
import type { Endpoints } from './supergraph/endpoint.js';
import { recordingPlugin } from './telemetry/recording-plugin.js';

export interface EndpointsOptions {
  readonly supergraph: RunningSupergraph;
  readonly fetch: SubgraphFetch<GatewayContext>;
  readonly protection: Protection;
  readonly logger: Logger;
  /** Plugins of the servers besides the gateway's own. */
  readonly plugins: readonly ApolloServerPlugin<GatewayContext>[];
}

/** Starts what answers each audience. */
export async function startEndpoints(options: EndpointsOptions): Promise<Endpoints> {
  const { protection, logger } = options;
  const { generations } = options.supergraph;
  const executions = createSharedExecutions<Executed<GatewayContext>>();
  const fetch = noticingWrites(options.fetch, () => executions.written());
  const started = AUDIENCES.map(async (audience) => {
    const admission = protection.admission(audience, (schema) => generations.of(schema).costs);
    const plugins: Plugins<GatewayContext> = {
      observing: [admissionPlugin(admission), recordingPlugin(logger)],
      changing: options.plugins,
    };
    const gateway = createAudienceGateway(generations, audience, fetch);
    const server = createAudienceServer(gateway, logger, [...plugins.changing, ...plugins.observing]);
    await server.start();
    const operations = () => generations.current().operations;
    const fast = createFastPath({ audience, operations, fetch, executions, server, plugins, formatError });
    return [audience, { server, fast }] as const;
  });
  return Object.fromEntries(await Promise.all(started)) as Endpoints;
}

/** Who wrote reads what was written: that a mutation was executed is known before its answer is sent. */
function noticingWrites<Context>(fetch: SubgraphFetch<Context>, onWrite: () => void): SubgraphFetch<Context> {
  return async (request, context) => {
    if (request.fetch.operationKind !== 'mutation') return fetch(request, context);
    return fetch(request, context).finally(onWrite);
  };
}

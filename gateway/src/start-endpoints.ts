import type { ApolloServerPlugin } from '@apollo/server';
import { AUDIENCES, type CacheHints } from '@fulfillment/schema/audience';
import type { Logger } from 'pino';
import type { Caching } from './cache/caching.js';
import type { GatewayContext } from './context.js';
import type { SubgraphFetch } from './execution/subgraph-fetch.js';
import type { Executed } from './fast-path/executed.js';
import { createFastPath } from './fast-path/fast-path.js';
import type { Plugins } from './fast-path/plugin-run.js';
import { createInFlight } from './in-flight/in-flight.js';
import { admissionPlugin } from './protection/admission-plugin.js';
import { formatError } from './protection/error-format.js';
import type { Protection } from './start-protection.js';
import type { RunningSupergraph } from './start-supergraph.js';
import { createAudienceGateway } from './supergraph/audience-gateway.js';
import { createAudienceServer } from './supergraph/audience-server.js';
import type { Endpoints } from './supergraph/endpoint.js';
import { answeringKept, type KeptResponse } from './supergraph/kept-responses.js';
import { stalenessPlugin } from './supergraph/staleness-plugin.js';
import { recordingPlugin } from './telemetry/recording-plugin.js';

export interface EndpointsOptions {
  readonly supergraph: RunningSupergraph;
  /** How services are asked, before anything is kept. */
  readonly fetch: SubgraphFetch<GatewayContext>;
  readonly caching: Caching<KeptResponse>;
  readonly protection: Protection;
  readonly logger: Logger;
  /** Plugins of the servers besides the gateway's own. */
  readonly plugins: readonly ApolloServerPlugin<GatewayContext>[];
}

/** Starts what answers each audience. */
export async function startEndpoints(options: EndpointsOptions): Promise<Endpoints> {
  const { protection, caching, logger } = options;
  const { generations } = options.supergraph;
  const executions = createInFlight<Executed<GatewayContext>>();
  // Who comes after a change is not answered by what began before it.
  caching.onChange(() => executions.joinNoLonger());
  const fetchOf = onceEach(({ hints }: { readonly hints: CacheHints }) =>
    noticingWrites(caching.entities(options.fetch, hints), () => executions.joinNoLonger()),
  );
  const fetch: SubgraphFetch<GatewayContext> = (request, context) =>
    fetchOf(generations.current())(request, context);
  const started = AUDIENCES.map(async (audience) => {
    const admission = protection.admission(audience, (operation) =>
      generations.of(operation.schema).costOf(operation),
    );
    const plugins: Plugins<GatewayContext> = {
      observing: [admissionPlugin(admission), stalenessPlugin(), recordingPlugin(logger)],
      changing: options.plugins,
    };
    const gateway = createAudienceGateway(generations, audience, fetchOf);
    const server = createAudienceServer(gateway, logger, [...plugins.changing, ...plugins.observing]);
    await server.start();
    const operations = () => generations.current().operations;
    const fast = createFastPath({
      audience,
      operations,
      fetch,
      executions,
      server,
      plugins,
      formatError,
      sharingGroup: (context) => caching.sharingGroup(context),
      onExecuted: noteExecuted,
    });
    const supergraph = () => generations.current().id;
    // What a plugin made of one answer is no other request's: with plugins every request is theirs to see.
    const hasPlugins = options.plugins.length > 0;
    const answer = hasPlugins ? fast : answeringKept(fast, caching.responses, supergraph);
    return [audience, { server, fast: answer }] as const;
  });
  return Object.fromEntries(await Promise.all(started)) as Endpoints;
}

/** A request that was answered together with another one learns how long its answer holds. */
function noteExecuted({ context, count, hasData }: Executed<GatewayContext>, asked: GatewayContext): void {
  asked.record.executed = { count, hasData };
  if (context !== asked) asked.cacheUse.adopt(context.cacheUse);
}

/** A function that is called once for each object, and then gives the same. */
function onceEach<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, { readonly value: To }>();
  return (from) => {
    const known = made.get(from) ?? { value: make(from) };
    made.set(from, known);
    return known.value;
  };
}

/** Who wrote reads what was written: that a mutation was executed is known before its answer is sent. */
function noticingWrites<Context>(fetch: SubgraphFetch<Context>, onWrite: () => void): SubgraphFetch<Context> {
  return (request, context) => {
    const asked = fetch(request, context);
    return request.fetch.operationKind === 'mutation' ? asked.finally(onWrite) : asked;
  };
}

import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { formatError } from '../protection/error-format.js';

/** The GraphQL server of one audience. Introspection is on: it shows what the audience may see, and nothing else. */
export function createAudienceServer(
  gateway: GatewayInterface,
  logger: Logger,
  plugins: readonly ApolloServerPlugin<GatewayContext>[],
): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    gateway,
    formatError,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: false, // the route sees to it,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: quiet(logger),
    plugins: [ApolloServerPluginLandingPageDisabled(), ...plugins],
  });
}

/** What the library tells of itself at the level `info` is of no interest to operations. */
function quiet(logger: Logger) {
  return {
    debug: (message?: unknown) => logger.debug(String(message)),
    info: (message?: unknown) => logger.debug(String(message)),
    warn: (message?: unknown) => logger.warn(String(message)),
    error: (message?: unknown) => logger.error(String(message)),
  };
}

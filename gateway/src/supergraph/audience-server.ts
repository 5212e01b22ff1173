import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { admissionPlugin, type AdmissionOptions } from '../protection/admission-plugin.js';
import { formatError } from '../protection/error-format.js';
import { recordingPlugin } from '../telemetry/recording-plugin.js';

/** The GraphQL server of one audience. Introspection is on: it shows what the audience may see, and nothing else. */
export function createAudienceServer(
  gateway: GatewayInterface,
  logger: Logger,
  admission: AdmissionOptions,
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
    plugins: [ApolloServerPluginLandingPageDisabled(), admissionPlugin(admission), recordingPlugin(logger)],
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

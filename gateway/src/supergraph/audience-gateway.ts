import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from 'pino';
import { checkScalarInputs } from './scalars.js';

export interface AudienceGatewayOptions {
  /** The supergraph as the audience sees it, without security directives. */
  readonly supergraphSdl: string;
  /** The data source of each service by its name. */
  readonly dataSources: ReadonlyMap<string, GraphQLDataSource>;
  /** What surrounds the planner's own executor. */
  readonly wrap: (execute: GatewayExecutor) => GatewayExecutor;
  readonly logger: Logger;
}

/** Plans and runs operations of one audience over the services, inside the gateway's own protection. */
export function createAudienceGateway(options: AudienceGatewayOptions): GatewayInterface {
  const inner = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    buildService: ({ name }) => {
      const dataSource = options.dataSources.get(name);
      if (dataSource === undefined)
        throw new Error(`The supergraph names a service that has no address: ${name}`);
      return dataSource;
    },
    logger: quiet(options.logger),
    __exposeQueryPlanExperimental: false,
  });
  return {
    onSchemaLoadOrUpdate: (callback) =>
      inner.onSchemaLoadOrUpdate((loaded) => {
        checkScalarInputs(loaded.apiSchema);
        callback(loaded);
      }),
    load: async (loading) => {
      const { executor } = await inner.load(loading);
      return { executor: options.wrap(executor) };
    },
    stop: () => inner.stop(),
  };
}

/** What the libraries tell of themselves at the level `info` is of no interest to operations. */
export function quiet(logger: Logger) {
  return {
    debug: (message?: unknown) => logger.debug(String(message)),
    info: (message?: unknown) => logger.debug(String(message)),
    warn: (message?: unknown) => logger.warn(String(message)),
    error: (message?: unknown) => logger.error(String(message)),
  };
}

import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import type { Representation, SubgraphAnswer, SubgraphRequest } from '../execution/subgraph-fetch.js';
import { failureError, ServiceFailure } from './failure.js';
import { logFailure, type AskService } from './subgraph-client.js';

/** Lets @apollo/gateway's executor ask one service. A service that fails becomes one error with its name. */
export class ServiceDataSource implements GraphQLDataSource<GatewayContext> {
  constructor(
    private readonly serviceName: string,
    private readonly ask: AskService,
    private readonly logger: Logger,
  ) {}

  async process(options: GraphQLDataSourceProcessOptions<GatewayContext>): Promise<ApolloAnswer> {
    if (!('incomingRequestContext' in options))
      throw new Error('A service is asked for requests of clients alone');
    const { context, request, incomingRequestContext } = options;
    const isMutation = incomingRequestContext.operation.operation === OperationTypeNode.MUTATION;
    const { representations, ...variables } = request.variables ?? {};
    const asked: SubgraphRequest = {
      fetch: {
        kind: 'Fetch',
        serviceName: this.serviceName,
        operation: request.query ?? '',
        operationName: request.operationName,
        // What a mutation's payload needs of other services is a query of entities.
        operationKind: isMutation && representations === undefined ? 'mutation' : 'query',
      },
      variables,
      ...(representations === undefined
        ? {}
        : { representations: representations as readonly Representation[] }),
    };
    try {
      return (await this.ask(asked, context)) as ApolloAnswer;
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      logFailure(this.logger, error, this.serviceName, context);
      throw failureError(error.code, this.serviceName);
    }
  }
}

/** @apollo/gateway declares that it may change an answer, and does not. */
type ApolloAnswer = {
  -readonly [Key in keyof SubgraphAnswer]: Record<string, unknown> & SubgraphAnswer[Key];
};

import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { readAnswer, type ServiceAnswer } from './answer.js';
import { startDeadline } from './deadline.js';
import { failureError, ServiceFailure } from './failure.js';
import type { Service } from './service.js';

/**
 * Asks one service for what the planner wants of it: over kept connections, as the viewer, under the request's id and
 * within a deadline. A service that fails becomes one error with its name; what it answers passes as it is.
 */
export class ServiceDataSource implements GraphQLDataSource<GatewayContext> {
  constructor(
    private readonly service: Service,
    private readonly timeoutMs: number,
    private readonly logger: Logger,
  ) {}

  async process(options: GraphQLDataSourceProcessOptions<GatewayContext>): Promise<ServiceAnswer> {
    if (!('incomingRequestContext' in options))
      throw new Error('A service is asked for requests of clients alone');
    const { context, request, incomingRequestContext } = options;
    const isQuery = incomingRequestContext.operation.operation === OperationTypeNode.QUERY;
    const { query, variables, operationName } = request;
    const body = JSON.stringify({ query, variables, operationName });
    const entities: unknown = variables?.['representations'];
    try {
      const { status, text } = await this.send(body, context, isQuery);
      return readAnswer(status, text, Array.isArray(entities) ? entities.length : undefined);
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      const { name } = this.service;
      if (!context.clientGone.aborted) {
        const { requestId } = context;
        this.logger.warn(
          { requestId, service: name, code: error.code, detail: error.detail },
          'A service failed',
        );
      }
      throw failureError(error.code, name);
    }
  }

  /** A mutation goes on when its client leaves: what it began, it finishes. */
  private async send(body: string, context: GatewayContext, isQuery: boolean) {
    const deadline = startDeadline(this.timeoutMs, isQuery ? context.clientGone : undefined);
    try {
      return await this.sendOnce(body, context, deadline.signal);
    } catch (error) {
      if (deadline.passed())
        throw new ServiceFailure('SERVICE_TIMEOUT', `no answer within ${this.timeoutMs} ms`);
      if (!isQuery || !isStaleConnection(error)) throw unavailable(error);
      return await this.sendOnce(body, context, deadline.signal).catch((again: unknown) => {
        throw unavailable(again);
      });
    } finally {
      deadline.clear();
    }
  }

  private async sendOnce(body: string, context: GatewayContext, signal: AbortSignal) {
    const response = await this.service.pool.request({
      method: 'POST',
      path: `${this.service.basePath}/graphql`,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${context.viewerToken}`,
        'x-request-id': context.requestId,
      },
      body,
      signal,
    });
    return { status: response.statusCode, text: await response.body.text() };
  }
}

/** A kept connection that the service closed at the moment when the request was sent: a query may be sent again. */
function isStaleConnection(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error) ?? '');
}

function unavailable(error: unknown): ServiceFailure {
  return new ServiceFailure('SERVICE_UNAVAILABLE', codeOf(error) ?? String(error));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

import type { SubgraphAnswer } from '../execution/subgraph-fetch.js';
import type { CancelReason } from '../in-flight/cancellation.js';
import { readAnswer } from './answer.js';
import { cancelled, ServiceFailure } from './failure.js';
import type { Sent } from './http/connections.js';
import type { Exchange, ExchangeFailure } from './http/exchange.js';
import type { Service } from './service.js';
import type { AnswerWaiter, SendToService, ServiceRequest } from './service-call.js';

/** Tells a service how many milliseconds the gateway still waits for the answer to a read. */
export const deadlineHeader = 'x-deadline-ms';

/**
 * Sends a request over a kept connection: as the viewer, under the request's id, with the time that is left. A read that
 * is not wanted any more is taken back by closing its connection, which the service notices.
 */
export function sendingTo({ basePath, connections }: Service): SendToService<SubgraphAnswer> {
  const beginning =
    `POST ${basePath}/graphql HTTP/1.1\r\n` +
    'content-type: application/json\r\naccept: application/json\r\nauthorization: Bearer ';
  return (request, deadlineAt, waiter, mayBeSentAgain) => {
    const { body, cancellation } = request;
    if (cancellation.reason !== undefined) {
      waiter.failed(cancelled(cancellation.reason));
      return;
    }
    const exchange = new ServiceExchange(request, waiter);
    const head = beginning + headersOf(request, deadlineAt);
    exchange.sent = connections.send({ head, body, mayBeSentAgain }, exchange);
  };
}

/** From the viewer's token on. A mutation is told no time: what it began, it finishes. */
function headersOf(
  { viewerToken, requestId, traceparent, isRead }: ServiceRequest,
  deadlineAt: number,
): string {
  const headers = `${viewerToken}\r\nx-request-id: ${requestId}\r\ntraceparent: ${traceparent}\r\n`;
  if (!isRead) return headers;
  return `${headers}${deadlineHeader}: ${Math.max(1, Math.floor(deadlineAt - performance.now()))}\r\n`;
}

/** One request to a service and who waits for its answer. */
class ServiceExchange implements Exchange {
  sent: Sent | undefined;

  constructor(
    private readonly request: ServiceRequest,
    private readonly waiter: AnswerWaiter<SubgraphAnswer>,
  ) {
    request.cancellation.onCancel(this.cancel);
  }

  answered(status: number, text: string): void {
    const { cancellation, entities } = this.request;
    cancellation.offCancel(this.cancel);
    let answer: SubgraphAnswer;
    try {
      answer = readAnswer(status, text, entities);
    } catch (failure) {
      this.waiter.failed(failure);
      return;
    }
    this.waiter.answered(answer);
  }

  failed({ kind, detail }: ExchangeFailure): void {
    this.request.cancellation.offCancel(this.cancel);
    this.waiter.failed(
      kind === 'broken'
        ? new ServiceFailure('SERVICE_UNAVAILABLE', detail, { atConnection: true })
        : new ServiceFailure('SERVICE_BAD_RESPONSE', detail),
    );
  }

  private readonly cancel = (reason: CancelReason): void => {
    this.sent?.giveUp(this);
    this.waiter.failed(cancelled(reason));
  };
}

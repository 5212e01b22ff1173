import type { Dispatcher } from 'undici';
import type { SubgraphAnswer } from '../execution/subgraph-fetch.js';
import { readAnswer } from './answer.js';
import { cancelled, ServiceFailure } from './failure.js';
import type { Service } from './service.js';
import type { CallService, ServiceRequest } from './service-call.js';

/** Tells a service how many milliseconds the gateway still waits for the answer to a read. */
export const deadlineHeader = 'x-deadline-ms';

/** The most that a service may answer, in bytes. */
const largestAnswer = 32 * 1024 * 1024;

/**
 * Sends a request over a kept connection: as the viewer, under the request's id, with the time that is left. A read that
 * is not wanted any more is taken back by closing its connection, which the service notices.
 */
export function sendingTo(service: Service): CallService<SubgraphAnswer> {
  const path = `${service.basePath}/graphql`;
  return async (request) => {
    const { status, text } = await new Promise<HttpAnswer>((resolve, reject) => {
      const exchange = new Exchange(resolve, reject);
      const { cancellation } = request;
      cancellation.onCancel((reason) => exchange.stop(cancelled(reason)));
      if (cancellation.reason !== undefined) return;
      service.pool.dispatch(
        { method: 'POST', path, headers: headersOf(request), body: request.body },
        exchange,
      );
    });
    return readAnswer(status, text, request.entities);
  };
}

/** A mutation is told no time: what it began, it finishes. */
function headersOf(request: ServiceRequest): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${request.viewerToken}`,
    'x-request-id': request.requestId,
    traceparent: request.traceparent,
  };
  if (request.isRead) {
    headers[deadlineHeader] = String(Math.max(1, Math.floor(request.deadlineAt - performance.now())));
  }
  return headers;
}

interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** One HTTP exchange: collects the answer. undici's own conveniences (a stream, a signal) cost more than the exchange. */
class Exchange implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #stopped: ServiceFailure | undefined;
  #status = 0;
  #bytes = 0;
  readonly #chunks: Buffer[] = [];

  constructor(
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (failure: ServiceFailure) => void,
  ) {}

  stop(failure: ServiceFailure): void {
    this.#stopped = failure;
    this.reject(failure);
    this.#controller?.abort(failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped !== undefined) controller.abort(this.#stopped);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > largestAnswer) {
      this.stop(new ServiceFailure('SERVICE_BAD_RESPONSE', `an answer of more than ${largestAnswer} bytes`));
    }
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.resolve({ status: this.#status, text: all.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const detail = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    this.reject(new ServiceFailure('SERVICE_UNAVAILABLE', detail, { atConnection: true }));
  }
}

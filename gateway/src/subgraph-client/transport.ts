import type { Dispatcher } from 'undici';
import type { SubgraphAnswer } from '../execution/subgraph-fetch.js';
import type { CancelReason } from '../in-flight/cancellation.js';
import { readAnswer } from './answer.js';
import { cancelled, ServiceFailure } from './failure.js';
import type { Service } from './service.js';
import type { SendToService, ServiceRequest } from './service-call.js';

/** Tells a service how many milliseconds the gateway still waits for the answer to a read. */
export const deadlineHeader = 'x-deadline-ms';

/** The most that a service may answer, in bytes. */
const largestAnswer = 32 * 1024 * 1024;

/**
 * Sends a request over a kept connection: as the viewer, under the request's id, with the time that is left. A read that
 * is not wanted any more is taken back by closing its connection, which the service notices.
 */
export function sendingTo(service: Service): SendToService<SubgraphAnswer> {
  const path = `${service.basePath}/graphql`;
  return (request, deadlineAt) =>
    new Promise((resolve, reject) => {
      const exchange = new Exchange(request, resolve, reject);
      if (request.cancellation.aborted) return;
      const headers = headersOf(request, deadlineAt);
      service.pool.dispatch({ method: 'POST', path, headers, body: request.body }, exchange);
    });
}

/** A mutation is told no time: what it began, it finishes. */
function headersOf(request: ServiceRequest, deadlineAt: number): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${request.viewerToken}`,
    'x-request-id': request.requestId,
    traceparent: request.traceparent,
  };
  if (request.isRead) {
    headers[deadlineHeader] = String(Math.max(1, Math.floor(deadlineAt - performance.now())));
  }
  return headers;
}

/** One HTTP exchange: collects the answer. undici's own conveniences (a stream, a signal) cost more than the exchange. */
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private stopped: ServiceFailure | undefined;
  private status = 0;
  private bytes = 0;
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly request: ServiceRequest,
    private readonly resolve: (answer: SubgraphAnswer) => void,
    private readonly reject: (failure: unknown) => void,
  ) {
    request.cancellation.onCancel(this.cancel);
  }

  private readonly cancel = (reason: CancelReason): void => this.stop(cancelled(reason));

  private stop(failure: ServiceFailure): void {
    this.stopped = failure;
    this.fail(failure);
    this.controller?.abort(failure);
  }

  private fail(failure: unknown): void {
    this.request.cancellation.offCancel(this.cancel);
    this.reject(failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.stopped !== undefined) controller.abort(this.stopped);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > largestAnswer) {
      this.stop(new ServiceFailure('SERVICE_BAD_RESPONSE', `an answer of more than ${largestAnswer} bytes`));
    }
  }

  onResponseEnd(): void {
    const [first] = this.chunks;
    const all = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks);
    try {
      const answer = readAnswer(this.status, all.toString('utf8'), this.request.entities);
      this.request.cancellation.offCancel(this.cancel);
      this.resolve(answer);
    } catch (failure) {
      this.fail(failure);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const detail = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    this.fail(new ServiceFailure('SERVICE_UNAVAILABLE', detail, { atConnection: true }));
  }
}

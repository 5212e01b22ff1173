import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { newTraceParent, parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import { withTraceIds } from '@fulfillment/telemetry/traced-errors';
import { gatewayError, type ErrorCode } from '../errors.js';
import { requestIdHeader, requestIdOf } from '../telemetry/request-id.js';
import type { RequestTelemetry } from '../telemetry/request-log.js';
import { errorResponse } from './error-format.js';

/** The largest headers of a request in bytes, all together. */
export const headerLimitBytes = 16 * 1024;

const known: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers are too large: 16 KB are allowed.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'The request did not arrive in time: send it again.'],
};

/** A connection, with the answer that is being written on it. */
type AnsweringSocket = Socket & {
  readonly _httpMessage?: { readonly headersSent: boolean; readonly req?: IncomingMessage } | null;
};

/**
 * Answers what is no HTTP request, or arrives too slowly, with a GraphQL error on the bare connection, and closes it:
 * no request exists yet that a route could answer. The error's trace id finds its line in the log.
 */
export function answeringClientErrors({ logger, metrics }: Pick<RequestTelemetry, 'logger' | 'metrics'>) {
  return (error: NodeJS.ErrnoException, socket: AnsweringSocket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswered(error, socket)) {
      socket.destroy();
      return;
    }
    const [code, message] = known[error.code ?? ''] ?? ['BAD_REQUEST', 'This is not an HTTP request.'];
    const { status, body } = errorResponse(gatewayError(code, message));
    const headers = socket._httpMessage?.req?.headers ?? {};
    const { traceId } = parseTraceParent(headers['traceparent']) ?? newTraceParent(false);
    const requestId = requestIdOf(headers[requestIdHeader]);
    const text = JSON.stringify({ errors: withTraceIds(body.errors, traceId) });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(text)}\r\n${requestIdHeader}: ${requestId}\r\n` +
        `connection: close\r\n\r\n${text}`,
    );
    metrics.requestRefusedUnread();
    logger.info(
      { event: 'request', requestId, traceId, status, outcome: 'refused', codes: [code] },
      'request',
    );
  };
}

/** Whether an answer is on its way on this connection, or was given already to the body that is too slow. */
function isAnswered({ code }: NodeJS.ErrnoException, socket: AnsweringSocket): boolean {
  return (
    socket._httpMessage?.headersSent === true ||
    (code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesWritten > 0)
  );
}

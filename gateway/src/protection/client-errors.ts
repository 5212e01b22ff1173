import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { gatewayError, type ErrorCode } from '../errors.js';
import { errorResponse } from './error-format.js';

/** The largest headers of a request in bytes, all together. */
export const headerLimitBytes = 16 * 1024;

const known: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers are too large: 16 KB are allowed.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'The request did not arrive in time: send it again.'],
};

/**
 * Answers what is no HTTP request, or arrives too slowly, with a GraphQL error on the bare connection, and closes it:
 * no request exists yet that a route could answer.
 */
export function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswered(error, socket)) {
    socket.destroy();
    return;
  }
  const [code, message] = known[error.code ?? ''] ?? ['BAD_REQUEST', 'This is not an HTTP request.'];
  const { status, body } = errorResponse(gatewayError(code, message));
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

/** Whether an answer is on its way on this connection, or was given already to the body that is too slow. */
function isAnswered(
  { code }: NodeJS.ErrnoException,
  socket: Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null },
): boolean {
  return (
    socket._httpMessage?.headersSent === true ||
    (code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesWritten > 0)
  );
}

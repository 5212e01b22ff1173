import { BadResponse } from './bad-response.js';

/** How the end of an answer's body is found: there is none, after so many bytes, by chunks, or when the connection ends. */
export type Framing =
  | { readonly kind: 'empty' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'untilClose' };

/** What the head of an answer says, as far as it concerns the connection. */
export interface ResponseHead {
  readonly status: number;
  readonly framing: Framing;
  /** Whether another request may follow on the connection. */
  readonly keepsConnection: boolean;
  /** How long the server keeps the connection without a request, in milliseconds, when it says so. */
  readonly keepAliveMs: number | undefined;
}

/** The headers that concern the connection; undefined when they did not come. */
interface Fields {
  contentLength?: string;
  transferEncoding?: string;
  connection?: string;
  keepAlive?: string;
}

/** A status line and header lines, each of which is whole. */
const wellFormed =
  /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*$/;
const versionAt = 'HTTP/1.'.length;
const statusAt = 'HTTP/1.1 '.length;

/**
 * Reads the head of an answer (RFC 9112): its lines without the empty one at the end. What could be understood in two ways
 * is refused: lines that are folded or end otherwise than in CRLF, several lengths, a length beside chunks.
 *
 * @param text one character for each byte
 * @throws BadResponse
 */
export function readHead(text: string): ResponseHead {
  if (!wellFormed.test(text)) throw new BadResponse('no head of HTTP/1.1');
  const fields = fieldsOf(text);
  const status = Number(text.slice(statusAt, statusAt + 3));
  const isNewer = text[versionAt] === '1';
  const framing = framingOf(status, fields, isNewer);
  return {
    status,
    framing,
    keepsConnection: framing.kind !== 'untilClose' && keepsConnection(fields.connection, isNewer),
    keepAliveMs: keepAliveMs(fields.keepAlive),
  };
}

function fieldsOf(text: string): Fields {
  const fields: Fields = {};
  for (let end = text.indexOf('\r\n'); end !== -1;) {
    const start = end + 2;
    end = text.indexOf('\r\n', start);
    const colon = text.indexOf(':', start);
    // Most headers are told apart by the length of their names.
    const length = colon - start;
    if (length !== 10 && length !== 14 && length !== 17) continue;
    const value = withoutOuterSpace(text, colon + 1, end === -1 ? text.length : end);
    addField(fields, text.slice(start, colon).toLowerCase(), value);
  }
  return fields;
}

/** Spaces and tabs alone: `trim` knows others too. */
function withoutOuterSpace(text: string, from: number, to: number): string {
  let [start, end] = [from, to];
  while (start < end && isSpace(text, start)) start += 1;
  while (end > start && isSpace(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 9;
}

function addField(fields: Fields, name: string, value: string): void {
  switch (name) {
    case 'connection':
      fields.connection = fields.connection === undefined ? value : `${fields.connection},${value}`;
      return;
    case 'keep-alive':
      fields.keepAlive = value;
      return;
    case 'content-length':
      if (fields.contentLength !== undefined) throw new BadResponse('several lengths');
      fields.contentLength = value;
      return;
    case 'transfer-encoding':
      if (fields.transferEncoding !== undefined) throw new BadResponse('several transfer encodings');
      fields.transferEncoding = value;
      return;
    default:
  }
}

function framingOf(status: number, { contentLength, transferEncoding }: Fields, isNewer: boolean): Framing {
  if (contentLength !== undefined && !/^\d{1,15}$/.test(contentLength)) {
    throw new BadResponse('a length that is no number');
  }
  if (transferEncoding !== undefined) {
    if (contentLength !== undefined) throw new BadResponse('a length beside a transfer encoding');
    if (!isNewer) throw new BadResponse('a transfer encoding in HTTP/1.0');
    if (transferEncoding.toLowerCase() !== 'chunked') {
      throw new BadResponse('a transfer encoding other than chunked');
    }
  }
  // Such answers have no body, whatever their headers say.
  if (status < 200 || status === 204 || status === 304) return { kind: 'empty' };
  if (transferEncoding !== undefined) return { kind: 'chunked' };
  if (contentLength === undefined) return { kind: 'untilClose' };
  const bytes = Number(contentLength);
  return bytes === 0 ? { kind: 'empty' } : { kind: 'length', bytes };
}

const close = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i;
const keepAlive = /(?:^|,)[\t ]*keep-alive[\t ]*(?:,|$)/i;

function keepsConnection(connection: string | undefined, isNewer: boolean): boolean {
  if (connection === undefined) return isNewer;
  return !close.test(connection) && (isNewer || keepAlive.test(connection));
}

function keepAliveMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, seconds] = /(?:^|[,\t ])timeout=(\d{1,9})/i.exec(value) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

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

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Reads the head of an answer (RFC 9112): its lines without the empty one at the end. What could be understood in two ways
 * is refused: lines that are folded or end otherwise than in CRLF, several lengths, a length beside chunks.
 *
 * @param text one character for each byte
 * @throws BadResponse
 */
export function readHead(text: string): ResponseHead {
  const lines = text.split('\r\n');
  const [, version, code] = statusLine.exec(lines[0] ?? '') ?? [];
  if (code === undefined) throw new BadResponse('no status line of HTTP/1.1');
  const fields: Fields = {};
  for (let index = 1; index < lines.length; index += 1) readField(lines[index] ?? '', fields);
  const status = Number(code);
  const isNewer = version === '1';
  const framing = framingOf(status, fields, isNewer);
  return {
    status,
    framing,
    keepsConnection: framing.kind !== 'untilClose' && keepsConnection(fields.connection, isNewer),
    keepAliveMs: keepAliveMs(fields.keepAlive),
  };
}

function readField(line: string, fields: Fields): void {
  const [, name = '', value = ''] = headerLine.exec(line) ?? [];
  if (name === '') throw new BadResponse('a line of the head that is no header');
  // Most headers are told apart by their length.
  switch (name.length) {
    case 10:
      readConnectionField(name.toLowerCase(), value, fields);
      return;
    case 14:
      if (name.toLowerCase() !== 'content-length') return;
      if (fields.contentLength !== undefined) throw new BadResponse('several lengths');
      fields.contentLength = value.trimEnd();
      return;
    case 17:
      if (name.toLowerCase() !== 'transfer-encoding') return;
      if (fields.transferEncoding !== undefined) throw new BadResponse('several transfer encodings');
      fields.transferEncoding = value.trimEnd();
      return;
    default:
  }
}

function readConnectionField(name: string, value: string, fields: Fields): void {
  if (name === 'connection') {
    fields.connection = fields.connection === undefined ? value : `${fields.connection},${value}`;
  } else if (name === 'keep-alive') {
    fields.keepAlive = value;
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

function keepsConnection(connection: string | undefined, isNewer: boolean): boolean {
  if (connection === undefined) return isNewer;
  const options = new Set(
    connection
      .toLowerCase()
      .split(',')
      .map((option) => option.trim()),
  );
  return !options.has('close') && (isNewer || options.has('keep-alive'));
}

function keepAliveMs(keepAlive: string | undefined): number | undefined {
  const [, seconds] = /(?:^|[,\s])timeout=(\d{1,9})/i.exec(keepAlive ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

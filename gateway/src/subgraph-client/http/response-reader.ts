import { BadResponse } from './bad-response.js';
import { BodyBytes } from './body-bytes.js';
import { readHead, type ResponseHead } from './response-head.js';

/** What an answer may be at the most, in bytes. */
export interface ResponseLimits {
  /** All of its heads (there may be some of status 1xx before its own) and trailers together. */
  readonly head: number;
  readonly body: number;
}

type Expected =
  'head' | 'body' | 'chunkSize' | 'chunk' | 'chunkEnd' | 'trailer' | 'restOfConnection' | 'nothing';

const lineEnd = '\r\n';
const headEnd = '\r\n\r\n';
/** The longest line outside of a head, with its end: a chunk's size and extensions, a trailer. */
const longestLine = 1_024;
const chunkLine = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const trailerLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;

/** Reads one answer (RFC 9112) from the bytes of a connection, in whatever pieces they come. */
export class ResponseReader {
  private readonly body: BodyBytes;
  private expected: Expected = 'head';
  private ownHead: ResponseHead | undefined;
  /** Bytes of the body or the chunk that are still to come. */
  private left = 0;
  /** Bytes of heads and trailers so far. */
  private headBytes = 0;
  /** The beginning of a line or a head whose end has not come yet. */
  private begun = '';
  /** Where the text ended that `textUntil` found, with its mark. */
  private next = 0;

  constructor(private readonly limits: ResponseLimits) {
    this.body = new BodyBytes(limits.body);
  }

  /** True when the answer is whole. */
  get done(): boolean {
    return this.expected === 'nothing';
  }

  /** The answer's own head; not before the answer is `done`. */
  get head(): ResponseHead {
    if (this.ownHead === undefined) throw new Error('The answer is not whole');
    return this.ownHead;
  }

  /** The body, once, when the answer is `done`, and before the bytes that were read last are overwritten. */
  takeText(): string {
    return this.body.takeText();
  }

  /**
   * Reads on, from the beginning of `bytes`. They may be overwritten afterwards, but see `takeText`.
   *
   * @returns where it stopped: before `to` only when the answer is whole
   * @throws BadResponse
   */
  read(bytes: Buffer, to: number): number {
    let at = 0;
    while (at < to && this.expected !== 'nothing') at = this.step(bytes, at, to);
    if (this.expected !== 'nothing') this.body.keep();
    return at;
  }

  /**
   * The connection has ended.
   * @returns whether the answer is whole with that
   */
  end(): boolean {
    if (this.expected === 'restOfConnection') this.expected = 'nothing';
    return this.done;
  }

  private step(bytes: Buffer, at: number, to: number): number {
    switch (this.expected) {
      case 'head':
        return this.takeHead(bytes, at, to);
      case 'body':
        return this.takeBody(bytes, at, to, 'nothing');
      case 'chunkSize':
        return this.takeChunkSize(bytes, at, to);
      case 'chunk':
        return this.takeBody(bytes, at, to, 'chunkEnd');
      case 'chunkEnd':
        return this.takeChunkEnd(bytes, at, to);
      case 'trailer':
        return this.takeTrailer(bytes, at, to);
      case 'restOfConnection':
        this.body.add(bytes, at, to);
        return to;
      case 'nothing':
        return at;
    }
  }

  private takeHead(bytes: Buffer, at: number, to: number): number {
    const text = this.textUntil(headEnd, bytes, at, to);
    if (text === undefined) return to;
    const next = this.next;
    this.headBytes += text.length + 4;
    if (this.headBytes > this.limits.head) throw new BadResponse('a head that is too large');
    const head = readHead(text);
    if (head.status === 101) throw new BadResponse('a change of protocol that was not asked for');
    if (head.status < 200) return next;
    this.ownHead = head;
    this.expectBody(head);
    return next;
  }

  private expectBody({ framing }: ResponseHead): void {
    switch (framing.kind) {
      case 'empty':
        this.expected = 'nothing';
        return;
      case 'length':
        this.body.expect(framing.bytes);
        this.left = framing.bytes;
        this.expected = 'body';
        return;
      case 'chunked':
        this.expected = 'chunkSize';
        return;
      case 'untilClose':
        this.expected = 'restOfConnection';
        return;
    }
  }

  private takeBody(bytes: Buffer, at: number, to: number, then: Expected): number {
    const end = Math.min(at + this.left, to);
    this.body.add(bytes, at, end);
    this.left -= end - at;
    if (this.left === 0) this.expected = then;
    return end;
  }

  private takeChunkSize(bytes: Buffer, at: number, to: number): number {
    const line = this.textUntil(lineEnd, bytes, at, to);
    if (line === undefined) return to;
    const [, digits] = chunkLine.exec(line) ?? [];
    if (digits === undefined) throw new BadResponse('a chunk without a size');
    this.left = Number.parseInt(digits, 16);
    this.expected = this.left === 0 ? 'trailer' : 'chunk';
    return this.next;
  }

  private takeChunkEnd(bytes: Buffer, at: number, to: number): number {
    const line = this.textUntil(lineEnd, bytes, at, to);
    if (line === undefined) return to;
    if (line !== '') throw new BadResponse('a chunk that is longer than its size');
    this.expected = 'chunkSize';
    return this.next;
  }

  private takeTrailer(bytes: Buffer, at: number, to: number): number {
    const line = this.textUntil(lineEnd, bytes, at, to);
    if (line === undefined) return to;
    this.headBytes += line.length + 2;
    if (line === '') this.expected = 'nothing';
    else if (this.headBytes > this.limits.head || !trailerLine.test(line)) {
      throw new BadResponse('a trailer that is none or too large');
    }
    return this.next;
  }

  /** The text up to a mark, one character for each byte; undefined when its end has not come yet. */
  private textUntil(
    mark: typeof lineEnd | typeof headEnd,
    bytes: Buffer,
    at: number,
    to: number,
  ): string | undefined {
    const most = mark === lineEnd ? longestLine : this.limits.head;
    const { begun } = this;
    if (begun === '') {
      const end = mark === lineEnd ? lineEndIn(bytes, at, to) : bytes.indexOf(mark, at, 'latin1');
      const next = end + mark.length;
      // What lies behind `to` is of something else.
      if (end !== -1 && next <= to && next - at <= most) {
        this.next = next;
        return end === at ? '' : bytes.toString('latin1', at, end);
      }
    }
    const text = begun + bytes.toString('latin1', at, Math.min(to, at + most));
    const end = text.indexOf(mark, Math.max(0, begun.length - mark.length + 1));
    const length = end === -1 ? text.length + 1 : end + mark.length;
    if (length > most) throw new BadResponse('a line or a head that is too long');
    this.begun = end === -1 ? text : '';
    this.next = at + length - begun.length;
    return end === -1 ? undefined : text.slice(0, end);
  }
}

/** Where a line ends; -1 when its end is not there. Most are a few bytes long. */
function lineEndIn(bytes: Buffer, at: number, to: number): number {
  for (let place = at; place < to - 1; place += 1) {
    if (bytes[place] === 13 && bytes[place + 1] === 10) return place;
  }
  return -1;
}

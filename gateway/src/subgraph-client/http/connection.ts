import type { Socket } from 'node:net';
import { BadResponse } from './bad-response.js';
import type { Exchange, ExchangeFailure } from './exchange.js';
import { ResponseReader, type ResponseLimits } from './response-reader.js';
import { openSocket, type ServerAddress, type TlsSessions } from './socket.js';

/** What a connection needs of those that it belongs to. */
export interface ConnectionOwner {
  readonly address: ServerAddress;
  readonly sessions: TlsSessions;
  readonly limits: ResponseLimits;
  readonly connectTimeoutMs: number;
  /** An answer is whole, and another request may be sent; `keepAliveMs` is how long the server says it waits for one. */
  free(connection: Connection, keepAliveMs: number | undefined): void;
  /** It is of no more use. */
  gone(connection: Connection): void;
}

/** A request as the bytes that are sent: ASCII texts are cheaper. */
export interface WrittenRequest {
  readonly text: string;
  readonly encoding: 'latin1' | 'utf8';
}

/** A connection to a server: one exchange at a time. Whatever is uncertain about it ends it. */
export class Connection {
  /** When it is not used any more, in milliseconds of `performance.now()`, while it is free. */
  freeUntil = 0;
  private readonly socket: Socket;
  private exchange: Exchange | undefined;
  private reader: ResponseReader;
  /** What is to be sent as soon as the connection is there. */
  private waiting: WrittenRequest | undefined;
  private isOpen = false;

  constructor(private readonly owner: ConnectionOwner) {
    this.reader = new ResponseReader(owner.limits);
    const { socket, readyEvent } = openSocket(owner.address, owner.sessions, (bytes, size) =>
      this.received(bytes, size),
    );
    this.socket = socket;
    const { connectTimeoutMs } = owner;
    const timer = setTimeout(
      () => this.breakOff(`not connected within ${connectTimeoutMs} ms`),
      connectTimeoutMs,
    );
    socket
      .once(readyEvent, () => {
        clearTimeout(timer);
        this.opened();
      })
      .on('error', (error) => this.breakOff(codeOf(error)))
      .on('end', () => this.ended())
      .on('close', () => {
        clearTimeout(timer);
        this.breakOff('closed');
      });
  }

  /** Sends a request; nothing else may be under way. */
  send(request: WrittenRequest, exchange: Exchange): void {
    this.exchange = exchange;
    this.reader = new ResponseReader(this.owner.limits);
    if (this.isOpen) this.socket.write(request.text, request.encoding);
    else this.waiting = request;
  }

  /** Nobody waits for this answer any more: the server is told by the end of the connection. */
  giveUp(exchange: Exchange): void {
    if (this.exchange !== exchange) return;
    this.exchange = undefined;
    this.end();
  }

  /** Ends it now, with whatever is under way. */
  end(): void {
    this.owner.gone(this);
    this.socket.destroy();
  }

  private opened(): void {
    this.isOpen = true;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) this.socket.write(waiting.text, waiting.encoding);
  }

  private received(bytes: Buffer, size: number): void {
    // Nobody has asked for anything: whose answer would it be?
    if (this.exchange === undefined) return this.end();
    try {
      const read = this.reader.read(bytes, size);
      if (this.reader.done) this.finish(read === size);
    } catch (error) {
      if (!(error instanceof BadResponse)) throw error;
      this.fail({ kind: 'unreadable', detail: error.message });
    }
  }

  private ended(): void {
    if (this.exchange !== undefined && this.reader.end()) this.finish(false);
    else this.breakOff('closed before its answer was whole');
  }

  /** The connection is of no more use; whoever waits for an answer is told why. */
  breakOff(detail: string): void {
    this.fail({ kind: 'broken', detail });
  }

  private fail(failure: ExchangeFailure): void {
    const { exchange } = this;
    this.exchange = undefined;
    this.end();
    exchange?.failed(failure);
  }

  /** @param nothingFollows whether no byte came after the end of the answer */
  private finish(nothingFollows: boolean): void {
    const { exchange, socket } = this;
    const { status, keepsConnection, keepAliveMs } = this.reader.head;
    const text = this.reader.takeText();
    this.exchange = undefined;
    // A server that answers before it has read the whole request would take the rest for the next one.
    if (nothingFollows && keepsConnection && socket.writableLength === 0) this.owner.free(this, keepAliveMs);
    else this.end();
    exchange?.answered(status, text);
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

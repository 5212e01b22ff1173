import { channel } from 'node:diagnostics_channel';
import { Connection, type ConnectionOwner, type WrittenRequest } from './connection.js';
import type { Exchange, HttpRequest } from './exchange.js';
import type { ResponseLimits } from './response-reader.js';
import type { ServerAddress, TlsSessions, TlsTrust } from './socket.js';

export interface ConnectionRules {
  readonly limits: ResponseLimits;
  /** How long it may take to be connected, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** How long a connection is kept without a request, in milliseconds; shorter where the server says so. */
  readonly keepMs: number;
}

/** A request that was sent. */
export interface Sent {
  /** Nobody waits for the answer to this exchange any more; it is told nothing more. No matter when it has ended. */
  giveUp(exchange: Exchange): void;
}

/** The server may close a connection when its time is over: we are earlier by this, in milliseconds. */
const earlierMs = 1_000;
const lookedAtEveryMs = 1_000;

/** Whoever counts requests to services subscribes to this. */
const requests = channel('fulfillment:gateway:service-request');

/**
 * The kept connections to one server, over HTTP/1.1: one exchange at a time on each, as many connections as there are
 * exchanges at the same moment; whoever sends bounds those. The one that was used last is used next, the others time out.
 */
export class Connections implements ConnectionOwner {
  readonly address: ServerAddress;
  readonly sessions: TlsSessions = {};
  readonly limits: ResponseLimits;
  readonly connectTimeoutMs: number;
  private readonly all = new Set<Connection>();
  /** The one that was used last is the last. */
  private readonly unused: Connection[] = [];
  private readonly hostLine: string;
  private sweep: NodeJS.Timeout | undefined;
  private stopped = false;
  private onClosed: (() => void) | undefined;

  /** @param origin for example http://127.0.0.1:4001 */
  constructor(
    origin: URL,
    private readonly rules: ConnectionRules,
    trust: TlsTrust = {},
  ) {
    const isSecure = origin.protocol === 'https:';
    this.address = {
      host: origin.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(origin.port) || (isSecure ? 443 : 80),
      tls: isSecure ? trust : undefined,
    };
    this.hostLine = `host: ${origin.host}\r\n`;
    this.limits = rules.limits;
    this.connectTimeoutMs = rules.connectTimeoutMs;
  }

  send(request: HttpRequest, exchange: Exchange): Sent {
    if (requests.hasSubscribers) requests.publish(undefined);
    const written = this.written(request);
    return request.mayBeSentAgain
      ? this.sendNow(written, exchange)
      : new SentAfterReading(this, written, exchange);
  }

  sendNow(written: WrittenRequest, exchange: Exchange): Connection {
    const connection = this.takeUnused() ?? this.open();
    connection.send(written, exchange);
    return connection;
  }

  /** Keeps no connection any more, and resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.stop();
    for (const connection of this.unused.slice()) connection.end();
    if (this.all.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onClosed = resolve;
    });
  }

  /** Breaks off what is under way. */
  destroy(): void {
    this.stop();
    for (const connection of this.all) connection.breakOff('the gateway stops');
  }

  private stop(): void {
    this.stopped = true;
    clearInterval(this.sweep);
  }

  free(connection: Connection, keepAliveMs: number | undefined): void {
    const { keepMs } = this.rules;
    const keep = keepAliveMs === undefined ? keepMs : Math.min(keepMs, keepAliveMs - earlierMs);
    if (keep <= 0 || this.stopped) return connection.end();
    connection.freeUntil = performance.now() + keep;
    this.unused.push(connection);
  }

  gone(connection: Connection): void {
    if (!this.all.delete(connection)) return;
    const place = this.unused.indexOf(connection);
    if (place !== -1) this.unused.splice(place, 1);
    if (this.all.size === 0) this.onClosed?.();
  }

  private written({ head, body }: HttpRequest): WrittenRequest {
    const bytes = Buffer.byteLength(body);
    return {
      text: `${head}${this.hostLine}content-length: ${bytes}\r\n\r\n${body}`,
      encoding: bytes === body.length ? 'latin1' : 'utf8',
    };
  }

  private takeUnused(): Connection | undefined {
    for (;;) {
      const connection = this.unused.pop();
      if (connection === undefined || connection.freeUntil > performance.now()) return connection;
      connection.end();
    }
  }

  private open(): Connection {
    if (!this.stopped) this.sweep ??= setInterval(() => this.endTimedOut(), lookedAtEveryMs).unref();
    const connection = new Connection(this);
    this.all.add(connection);
    return connection;
  }

  private endTimedOut(): void {
    const now = performance.now();
    for (const connection of this.unused.filter(({ freeUntil }) => freeUntil <= now)) connection.end();
  }
}

/**
 * What will not be sent again is sent on a kept connection only after everything that has arrived by now is read: the
 * server may have closed that connection already. The first turn may come before anything more is read, where what asks was
 * itself read just now; the second comes after.
 */
class SentAfterReading implements Sent {
  private sentOn: Connection | undefined;
  private turn: NodeJS.Immediate;

  constructor(connections: Connections, written: WrittenRequest, exchange: Exchange) {
    this.turn = setImmediate(() => {
      this.turn = setImmediate(() => {
        this.sentOn = connections.sendNow(written, exchange);
      });
    });
  }

  giveUp(exchange: Exchange): void {
    clearImmediate(this.turn);
    this.sentOn?.giveUp(exchange);
  }
}

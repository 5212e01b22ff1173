import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

/** Where a server is. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** For `https:` what is known of the server beside what Node.js trusts; undefined for `http:`. */
  readonly tls: TlsTrust | undefined;
}

/** What TLS needs of us, where it is not what Node.js has (`NODE_EXTRA_CA_CERTS` and so on). */
export type TlsTrust = Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>;

/** What is done with bytes that arrive: they are gone when it returns. */
export type OnBytes = (bytes: Buffer, size: number) => void;

export interface OpenSocket {
  readonly socket: Socket;
  /** The event after which something may be written: the server is there, and is who it should be. */
  readonly readyEvent: 'connect' | 'secureConnect';
}

/** Sessions that servers gave, by which the next handshake with them is short. */
export type TlsSessions = { last?: Buffer };

const pieceBytes = 64 * 1024;
/** All sockets read into the same memory, one after the other. */
const piece = Buffer.allocUnsafeSlow(pieceBytes);
const keepAliveProbeMs = 60_000;

/** Begins to connect. The host is looked up, and its addresses are tried, as Node.js does it. */
export function openSocket(address: ServerAddress, sessions: TlsSessions, onBytes: OnBytes): OpenSocket {
  const { host, port, tls } = address;
  const onread: OnReadOpts = {
    buffer: piece,
    callback: (size) => {
      onBytes(piece, size);
      return true;
    },
  };
  const options = {
    host,
    port,
    onread,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbeMs,
  };
  if (tls === undefined) return { socket: connectTcp(options), readyEvent: 'connect' };
  const socket = connectTls({
    ...options,
    ...tls,
    ...(isIP(host) === 0 && { servername: host }),
    ...(sessions.last !== undefined && { session: sessions.last }),
    ALPNProtocols: ['http/1.1'],
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveProbeMs);
  socket.on('session', (session) => {
    sessions.last = session;
  });
  return { socket, readyEvent: 'secureConnect' };
}

import { once } from 'node:events';
import { connect as connectTo, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { selfSigned } from '../../../test/kit/self-signed.js';
import { Connections, type ConnectionRules } from './connections.js';
import type { ExchangeFailure, HttpRequest } from './exchange.js';
import type { TlsTrust } from './socket.js';

const open: { server: Server; sockets: Set<Socket>; clients: Connections[] }[] = [];

afterEach(async () => {
  for (const { server, sockets, clients } of open.splice(0)) {
    for (const client of clients) client.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

/** Answers the requests that it is sent; each is the text of a whole request. */
type Serve = (request: string, socket: Socket, number: number) => void;

/** A server of TCP that does with each request as it is told, however wrong, and a client of it. */
async function setUp(serve: Serve, rules: Partial<ConnectionRules> = {}, server: Server = createServer()) {
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  server.on(
    server.listeners('secureConnection').length > 0 ? 'secureConnection' : 'connection',
    (socket: Socket) => {
      sockets.add(socket);
      let text = '';
      socket
        .on('error', () => undefined)
        .on('data', (bytes: Buffer) => {
          text += bytes.toString('latin1');
          for (let end = endOfRequest(text); end !== -1; end = endOfRequest(text)) {
            seen.push(text.slice(0, end));
            text = text.slice(end);
            serve(seen.at(-1) ?? '', socket, seen.length);
          }
        });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: Connections[] = [];
  open.push({ server, sockets, clients });
  const connect = (origin = `http://127.0.0.1:${port}`, trust?: TlsTrust) => {
    const limits = { head: 16_384, body: 1_000_000 };
    const client = new Connections(
      new URL(origin),
      { limits, connectTimeoutMs: 2_000, keepMs: 30_000, ...rules },
      trust,
    );
    clients.push(client);
    return client;
  };
  return { client: connect(), connect, sockets, seen, port };
}

function endOfRequest(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return -1;
  const [, length = '0'] = /content-length: (\d+)/.exec(text.slice(0, head)) ?? [];
  const end = head + 4 + Number(length);
  return text.length < end ? -1 : end;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const read: HttpRequest = {
  head: 'POST /graphql HTTP/1.1\r\nx-a: 1\r\n',
  body: '{"query":"{ a }"}',
  mayBeSentAgain: true,
};
const write: HttpRequest = { ...read, mayBeSentAgain: false };

/** Sends a request; what it comes to, and how it is given up. */
function begin(client: Connections, request: HttpRequest = read) {
  let giveUp = () => {};
  const ended = new Promise<Answer | ExchangeFailure>((resolve) => {
    const exchange = {
      answered: (status: number, text: string) => resolve({ status, text }),
      failed: resolve,
    };
    const sent = client.send(request, exchange);
    giveUp = () => sent.giveUp(exchange);
  });
  return { ended, giveUp };
}

const ask = (client: Connections, request?: HttpRequest) => begin(client, request).ended;
const answerOf = (text: string, more = '') =>
  `HTTP/1.1 200 OK\r\n${more}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
const broken = (detail: unknown = expect.any(String)) => ({ kind: 'broken', detail });

it('sends a request with its host and length, and keeps the connection', async () => {
  const { client, seen, sockets, port } = await setUp((_, socket, number) =>
    socket.write(answerOf(`n${number}`)),
  );
  expect(await ask(client)).toEqual({ status: 200, text: 'n1' });
  expect(await ask(client, { ...read, body: '{"a":"é"}' })).toEqual({ status: 200, text: 'n2' });
  expect(await ask(client, write)).toEqual({ status: 200, text: 'n3' });
  expect(seen[0]).toBe(
    `POST /graphql HTTP/1.1\r\nx-a: 1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: 17\r\n\r\n{"query":"{ a }"}`,
  );
  expect(Buffer.from(seen[1] ?? '', 'latin1').toString()).toMatch(/content-length: 10\r\n\r\n\{"a":"é"\}$/);
  expect(sockets.size).toBe(1);
});

it('has one exchange at a time on a connection', async () => {
  const waiting: Socket[] = [];
  const { client, sockets } = await setUp((_, socket) => void waiting.push(socket));
  const asked = [begin(client), begin(client), begin(client)];
  await expect.poll(() => waiting.length).toBe(3);
  expect(sockets.size).toBe(3);
  waiting.forEach((socket, number) => socket.write(answerOf(String(number))));
  const texts = await Promise.all(asked.map(async ({ ended }) => ((await ended) as Answer).text));
  expect(texts.sort()).toEqual(['0', '1', '2']);
});

it('reads large answers in both framings, and sends large requests', async () => {
  const large = 'é'.repeat(200_000);
  const { client } = await setUp((request, socket) => {
    const length = request.length - request.indexOf('\r\n\r\n') - 4;
    const body = Buffer.from(`${length} ${large}`);
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    for (let at = 0; at < body.length; at += 77_777) {
      const chunk = body.subarray(at, at + 77_777);
      socket.write(
        Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
      );
    }
    socket.write('0\r\n\r\n');
  });
  expect(await ask(client, { ...read, body: large })).toEqual({ status: 200, text: `400000 ${large}` });
});

it.each([
  ['says that it closes', answerOf('{}', 'connection: close\r\n')],
  ['speaks HTTP/1.0', answerOf('{}').replace('1.1', '1.0')],
  ['says more than one answer', `${answerOf('{}')}${answerOf('{"of":"somebody else"}')}`],
  ['says more than an answer', `${answerOf('{}')}\r\n`],
  ['keeps connections for a moment alone', answerOf('{}', 'keep-alive: timeout=1\r\n')],
])('uses no connection again whose server %s', async (_, answer) => {
  const { client, sockets } = await setUp((_request, socket) => socket.write(answer));
  for (const count of [1, 2]) {
    expect(await ask(client)).toEqual({ status: 200, text: '{}' });
    expect(sockets.size).toBe(count);
  }
  await expect.poll(() => [...sockets].every(({ destroyed }) => destroyed)).toBe(true);
});

it('reads an answer that ends with its connection', async () => {
  const { client } = await setUp((_, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"a":1}'));
  expect(await ask(client)).toEqual({ status: 200, text: '{"a":1}' });
});

it('takes nothing that comes unasked for an answer', async () => {
  const { client, sockets } = await setUp((_, socket, number) => {
    socket.write(answerOf(String(number)));
    if (number === 1) setTimeout(() => socket.write(answerOf('unasked')), 20);
  });
  expect(await ask(client)).toEqual({ status: 200, text: '1' });
  await expect.poll(() => [...sockets][0]?.destroyed).toBe(true);
  expect(await ask(client)).toEqual({ status: 200, text: '2' });
});

it.each([
  ['no HTTP', 'hello\r\n\r\n', 'unreadable'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}', 'unreadable'],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(3_000)}`, 'unreadable'],
  ['too much', `HTTP/1.1 200 OK\r\ncontent-length: 1000001\r\n\r\n`, 'unreadable'],
])('fails on %s, and closes the connection', async (_, answer, kind) => {
  const { client, sockets } = await setUp((_request, socket) => socket.write(answer));
  expect(await ask(client)).toMatchObject({ kind });
  await expect.poll(() => [...sockets][0]?.destroyed).toBe(true);
});

it.each([
  ['at once', (socket: Socket) => socket.destroy()],
  ['with a reset', (socket: Socket) => socket.resetAndDestroy()],
  ['in a head', (socket: Socket) => socket.end('HTTP/1.1 200')],
  ['in a body', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{}')],
  [
    'in a chunk',
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}'),
  ],
  [
    'before the last chunk',
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'),
  ],
])('says that a connection broke that ends %s', async (_, end) => {
  const { client } = await setUp((_request, socket) => void end(socket));
  expect(await ask(client)).toEqual(broken());
});

it('says so when nobody listens, when a name is none, and when a server is not there in time', async () => {
  const { connect, port } = await setUp(() => undefined);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: closed } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  expect(await ask(connect(`http://127.0.0.1:${closed}`))).toEqual(broken('ECONNREFUSED'));
  expect(await ask(connect(`http://nobody.invalid:${port}`))).toEqual(broken());
  // TLS is waited for in vain.
  const slow = await setUp(() => undefined, { connectTimeoutMs: 100 });
  expect(await ask(slow.connect(`https://127.0.0.1:${slow.port}`))).toEqual(
    broken('not connected within 100 ms'),
  );
});

it('closes the connection of what is given up, at any time, and tells it nothing', async () => {
  const { client, sockets, seen } = await setUp((_, socket) => socket.write('HTTP/1.1 200 OK\r\n'));
  const told: unknown[] = [];
  const early = begin(client);
  void early.ended.then((outcome) => told.push(outcome));
  early.giveUp();
  const late = begin(client);
  void late.ended.then((outcome) => told.push(outcome));
  await expect.poll(() => seen.length).toBe(1);
  late.giveUp();
  await expect.poll(() => [...sockets].every(({ destroyed }) => destroyed)).toBe(true);
  const never = begin(client, write);
  never.giveUp();
  expect(told).toEqual([]);
  expect(seen).toHaveLength(1);
});

it('leaves the next exchange of a connection alone when an earlier one is given up late', async () => {
  const { client, seen } = await setUp((_, socket, number) =>
    setTimeout(() => socket.write(answerOf(String(number))), number === 2 ? 100 : 0),
  );
  const first = begin(client);
  expect(await first.ended).toEqual({ status: 200, text: '1' });
  const second = begin(client);
  await expect.poll(() => seen.length).toBe(2);
  first.giveUp();
  expect(await second.ended).toEqual({ status: 200, text: '2' });
});

it('sends on a new connection when the server has closed the kept one', async () => {
  const { client, sockets } = await setUp((_, socket, number) => {
    socket.write(answerOf(String(number)));
    if (number === 1) setTimeout(() => socket.end(), 20);
  });
  expect(await ask(client)).toEqual({ status: 200, text: '1' });
  await expect.poll(() => [...sockets][0]?.destroyed).toBe(true);
  expect(await ask(client)).toEqual({ status: 200, text: '2' });
  expect(sockets.size).toBe(2);
});

it.each([
  ['between two readings', untilImmediate],
  ['by something that was just read', untilAnythingIsRead],
])('sends no write on a connection whose end has arrived already, when asked %s', async (_, moment) => {
  const { client, sockets } = await setUp((_request, socket, number) => socket.write(answerOf(`${number}`)));
  expect(await ask(client)).toEqual({ status: 200, text: '1' });
  const [kept] = sockets;
  await moment();
  // Its end arrives at once, and is not read before the write is asked for.
  kept?.destroy();
  expect(await ask(client, write)).toEqual({ status: 200, text: '2' });
  expect(sockets.size).toBe(2);
});

async function untilImmediate(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function untilAnythingIsRead(): Promise<void> {
  const server = createServer((socket) => socket.end('read')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connectTo((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'data');
  server.close();
}

it('closes connections that nobody uses, as early as the server wants it', async () => {
  const { client, sockets } = await setUp(
    (_, socket, number) => socket.write(answerOf('{}', number === 1 ? 'keep-alive: timeout=2\r\n' : '')),
    { keepMs: 1_500 },
  );
  await ask(client);
  const startedAt = performance.now();
  await expect.poll(() => [...sockets][0]?.destroyed, { timeout: 5_000 }).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(3_500);
});

it('uses no connection again of whose request a part is still to be sent', async () => {
  const { connect, sockets } = await setUp(() => undefined);
  // Answers as soon as it sees a request, and reads no further.
  const rude = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        socket.pause();
        socket.write(answerOf('too long', ''));
      });
    sockets.add(socket);
  }).listen(0, '127.0.0.1');
  await once(rude, 'listening');
  const other = connect(`http://127.0.0.1:${(rude.address() as AddressInfo).port}`);
  const body = 'a'.repeat(20_000_000);
  expect(await ask(other, { ...read, body })).toEqual({ status: 200, text: 'too long' });
  expect(await ask(other)).toEqual({ status: 200, text: 'too long' });
  expect(sockets.size).toBe(2);
  rude.close();
});

it('stops when what is under way has ended, or at once', async () => {
  const waiting: Socket[] = [];
  const { client, connect, sockets } = await setUp((_, socket) => void waiting.push(socket));
  const asked = begin(client);
  await expect.poll(() => waiting.length).toBe(1);
  const closed = client.close();
  waiting[0]?.write(answerOf('{}'));
  expect(await asked.ended).toEqual({ status: 200, text: '{}' });
  await closed;
  const other = connect();
  const broke = begin(other);
  await expect.poll(() => waiting.length).toBe(2);
  other.destroy();
  expect(await broke.ended).toEqual(broken('the gateway stops'));
  await other.close();
  await expect.poll(() => [...sockets].every(({ destroyed }) => destroyed)).toBe(true);
});

it('speaks TLS to a server that is who it should be, and to no other', async () => {
  const { key, cert } = selfSigned('localhost');
  const server = createTlsServer({ key, cert });
  server.on('secureConnection', () => undefined).on('tlsClientError', () => undefined);
  const { connect, seen, port, sockets } = await setUp(
    (request, socket) => socket.write(answerOf(`${request.length}`)),
    {},
    server,
  );
  const trusting = connect(`https://localhost:${port}`, { ca: cert });
  expect(await ask(trusting, { ...read, body: 'a'.repeat(100_000) })).toMatchObject({ status: 200 });
  expect(await ask(trusting, write)).toMatchObject({ status: 200 });
  expect(sockets.size).toBe(1);
  expect(await ask(connect(`https://localhost:${port}`))).toEqual(broken('DEPTH_ZERO_SELF_SIGNED_CERT'));
  const otherName = connect(`https://127.0.0.1:${port}`, { ca: cert });
  expect(await ask(otherName)).toEqual(broken('ERR_TLS_CERT_ALTNAME_INVALID'));
  expect(seen).toHaveLength(2);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadResponse } from './bad-response.js';
import { ResponseReader } from './response-reader.js';

const limits = { head: 2_048, body: 10_000 };

interface Read {
  readonly status: number;
  readonly text: string;
  readonly keepsConnection: boolean;
  /** Bytes that came after the end of the answer. */
  readonly after: number;
}

/** Reads pieces as a connection does: each from the same memory, which is then overwritten. Null when it is not whole. */
function readPieces(pieces: readonly Buffer[], connectionEnds = false): Read | null {
  const reader = new ResponseReader(limits);
  const memory = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)) + 50, '\r\n\r\n0\r\n\r\n');
  let after = 0;
  let text: string | undefined;
  for (const piece of pieces) {
    if (reader.done) {
      after += piece.length;
      continue;
    }
    piece.copy(memory);
    after += piece.length - reader.read(memory, piece.length);
    if (reader.done) text = reader.takeText();
    memory.fill('\r\n\r\n0\r\n\r\n');
  }
  if (connectionEnds && !reader.done && reader.end()) text = reader.takeText();
  if (text === undefined) return null;
  const { status, keepsConnection } = reader.head;
  return { status, text, keepsConnection, after };
}

/** What comes of pieces, to be compared. */
function outcome(pieces: readonly Buffer[], connectionEnds = false): string {
  try {
    return JSON.stringify(readPieces(pieces, connectionEnds));
  } catch (error) {
    if (!(error instanceof BadResponse)) throw error;
    return 'refused';
  }
}

/** The places at which these bytes, cut there, give something else; -1 for all places at once. */
function placesThatMatter(bytes: Buffer, expected: string, connectionEnds = false): number[] {
  const places = Array.from(bytes, (_, place) => place);
  const matter = places.filter((place) => outcome(cut(bytes, [place]), connectionEnds) !== expected);
  return outcome(cut(bytes, places), connectionEnds) === expected ? matter : [...matter, -1];
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...new Set(places.map((place) => place % (bytes.length + 1))), bytes.length].sort(
    (one, other) => one - other,
  );
  return sorted.slice(1).map((place, index) => bytes.subarray(sorted[index], place));
}

const bodies = fc.string({ unit: 'grapheme', maxLength: 60 });
const heads = fc.constantFrom(
  '',
  'Content-Type: application/json\r\nDate: Sun, 29 Nov 2026 10:00:00 GMT\r\nConnection: keep-alive\r\n',
  'x-odd:\r\nX-Other: \xe9\t\r\nkeep-alive: timeout=5, max=100\r\n',
);
const before = fc.constantFrom(
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
);

function chunked(body: Buffer, sizes: readonly number[], trailer: string): Buffer {
  const chunks = cut(body, sizes).filter(({ length }) => length > 0);
  const written = chunks.flatMap((chunk, index) => [
    Buffer.from(`${chunk.length.toString(16)}${index % 2 === 0 ? '' : ';name="v"'}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...written, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

/** Answers as servers write them, in each of the ways that say where they end. */
const answers = fc
  .record({
    text: bodies,
    head: heads,
    interim: before,
    framing: fc.constantFrom('length', 'chunked', 'close'),
    sizes: fc.array(fc.nat(), { maxLength: 4 }),
    trailer: fc.constantFrom('', 'x-checksum: 1\r\n'),
  })
  .map(({ text, head, interim, framing, sizes, trailer }) => {
    const body = Buffer.from(text);
    const own = {
      length: [`Content-Length: ${body.length}\r\n\r\n`, body],
      chunked: ['Transfer-Encoding: chunked\r\n\r\n', chunked(body, sizes, trailer)],
      close: ['\r\n', body],
    } as const;
    const [end, rest] = own[framing];
    const bytes = Buffer.concat([Buffer.from(`${interim}HTTP/1.1 200 OK\r\n${head}${end}`, 'latin1'), rest]);
    return { bytes, text, closes: framing === 'close' };
  });

describe('an answer', () => {
  it('is the same however its bytes are cut', () => {
    fc.assert(
      fc.property(answers, fc.array(fc.nat(), { maxLength: 8 }), ({ bytes, text, closes }, places) => {
        const read = readPieces(cut(bytes, places), closes);
        expect(read).toEqual({
          status: 200,
          text: Buffer.from(text).toString(),
          keepsConnection: !closes,
          after: 0,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('is the same when it is cut at any one place, or at all of them', () => {
    fc.assert(
      fc.property(answers, ({ bytes, closes }) => {
        const whole = outcome([bytes], closes);
        expect(whole).toContain('"status":200');
        expect(placesThatMatter(bytes, whole, closes)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('ends where it says, whatever follows', () => {
    const next = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    fc.assert(
      fc.property(
        answers.filter(({ closes }) => !closes),
        fc.array(fc.nat(), { maxLength: 4 }),
        ({ bytes, text }, places) => {
          const read = readPieces(cut(Buffer.concat([bytes, next]), places));
          expect(read).toMatchObject({ text: Buffer.from(text).toString(), after: next.length });
        },
      ),
    );
  });

  it('is not whole before its last byte', () => {
    fc.assert(
      fc.property(
        answers.filter(({ closes }) => !closes),
        fc.nat(),
        ({ bytes }, place) => {
          expect(readPieces([bytes.subarray(0, place % bytes.length)], true)).toBeNull();
        },
      ),
    );
  });
});

const ok = 'HTTP/1.1 200 OK\r\n';

it.each([
  ['a status without a body', 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n', 204, ''],
  ['no reason', 'HTTP/1.1 503\r\ncontent-length: 2\r\n\r\nno', 503, 'no'],
  ['a length of nothing', `${ok}content-length: 0\r\n\r\n`, 200, ''],
  ['capitals and spaces', `${ok}CONTENT-LENGTH: \t2 \r\n\r\n{}`, 200, '{}'],
  [
    'chunked in capitals',
    `${ok}Transfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n`,
    200,
    '0123456789',
  ],
])('reads %s', (_, bytes, status, text) => {
  expect(readPieces([Buffer.from(bytes)])).toMatchObject({ status, text, after: 0 });
});

it.each([
  ['HTTP/1.1 says nothing', ok, true],
  ['HTTP/1.1 closes', `${ok}Connection: Close\r\n`, false],
  ['HTTP/1.1 closes among others', `${ok}connection: x, close\r\n`, false],
  ['HTTP/1.1 closes in a second line', `${ok}connection: keep-alive\r\nconnection: close\r\n`, false],
  ['HTTP/1.0 says nothing', 'HTTP/1.0 200 OK\r\n', false],
  ['HTTP/1.0 keeps', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n', true],
])('keeps a connection as %s', (_, head, keepsConnection) => {
  expect(readPieces([Buffer.from(`${head}content-length: 2\r\n\r\n{}`)])).toMatchObject({ keepsConnection });
});

/** What could be understood in two ways, is no HTTP, or is too much: on the wire each of these ends its connection. */
const bad: readonly (readonly [string, string])[] = [
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  ['another version', 'HTTP/2 200\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
  ['a folded header', `${ok}x-a: 1\r\n content-length: 2\r\n\r\n{}`],
  ['a header without a colon', `${ok}nonsense\r\ncontent-length: 2\r\n\r\n{}`],
  ['a space before the colon', `${ok}content-length : 2\r\n\r\n{}`],
  ['a header without a name', `${ok}: 2\r\n\r\n{}`],
  ['a line feed in a header', `${ok}x-a: 1\ncontent-length: 2\r\n\r\n{}`],
  ['a carriage return in a header', `${ok}x-a: 1\rcontent-length: 2\r\n\r\n{}`],
  ['a zero byte in a header', `${ok}x-a: \0\r\ncontent-length: 2\r\n\r\n{}`],
  ['two lengths', `${ok}content-length: 2\r\nContent-Length: 2\r\n\r\n{}`],
  ['two lengths in one', `${ok}content-length: 2, 2\r\n\r\n{}`],
  ['a negative length', `${ok}content-length: -2\r\n\r\n{}`],
  ['a length with a sign', `${ok}content-length: +2\r\n\r\n{}`],
  ['a length that is no number', `${ok}content-length: 0x2\r\n\r\n{}`],
  ['a length with a space of another kind', `${ok}content-length: \xa02\r\n\r\n{}`],
  ['an empty length', `${ok}content-length:\r\n\r\n{}`],
  ['a length beside chunks', `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two transfer encodings', `${ok}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  [
    'transfer encodings in two lines',
    `${ok}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['another transfer encoding', `${ok}transfer-encoding: identity\r\n\r\n{}`],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a chunk without a size', `${ok}transfer-encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n`],
  ['a size that is no number', `${ok}transfer-encoding: chunked\r\n\r\n2x\r\n{}\r\n0\r\n\r\n`],
  ['a negative size', `${ok}transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`],
  ['a size of many digits', `${ok}transfer-encoding: chunked\r\n\r\n000000002\r\n{}\r\n0\r\n\r\n`],
  ['a size that ends in a line feed', `${ok}transfer-encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n`],
  ['a chunk that is longer than its size', `${ok}transfer-encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n`],
  ['a trailer that is none', `${ok}transfer-encoding: chunked\r\n\r\n0\r\nnonsense\r\n\r\n`],
  ['a head that is too large', `${ok}x-a: ${'a'.repeat(2_048)}\r\ncontent-length: 2\r\n\r\n{}`],
  ['a head that does not end', `${ok}${'x-a: 1\r\n'.repeat(300)}`],
  ['heads before its own without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)],
  ['trailers without end', `${ok}transfer-encoding: chunked\r\n\r\n0\r\n${'x-a: 1\r\n'.repeat(300)}`],
  ['a size line without end', `${ok}transfer-encoding: chunked\r\n\r\n2;${'a'.repeat(2_000)}`],
  ['a length that is too large', `${ok}content-length: 10001\r\n\r\n`],
  [
    'chunks that are too large',
    `${ok}transfer-encoding: chunked\r\n\r\n1388\r\n${'a'.repeat(5_000)}\r\n1389\r\n${'a'.repeat(5_001)}`,
  ],
  ['a body that is too large', `${ok}\r\n${'a'.repeat(10_001)}`],
];

it.each(bad)('refuses %s, however its bytes are cut', (_, text) => {
  const bytes = Buffer.from(text, 'latin1');
  expect(outcome([bytes])).toBe('refused');
  const places =
    bytes.length > 1_000 ? [1, 20, 1_000, bytes.length - 1] : Array.from(bytes, (_byte, at) => at);
  expect(places.filter((place) => outcome(cut(bytes, [place])) !== 'refused')).toEqual([]);
  expect(outcome(cut(bytes, places))).toBe('refused');
});

it('never does anything but read or refuse what is no answer', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(
        answers,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 5 }),
      )
      .map(([{ bytes }, changes]) => {
        const changed = Buffer.from(bytes);
        for (const [place, value] of changes) changed[place % changed.length] = value;
        return changed;
      }),
  );
  fc.assert(
    fc.property(noise, fc.array(fc.nat(), { maxLength: 4 }), (bytes, places) => {
      expect(outcome(cut(bytes, places), true)).toBe(outcome([bytes], true));
    }),
    { numRuns: 1_000 },
  );
});

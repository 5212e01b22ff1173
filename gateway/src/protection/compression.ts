import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** Below this many bytes an answer is about one packet, compressed or not. */
const threshold = 1_400;

/** The option of a route whose answers are compressed. */
export const compression = { threshold } as const;

/**
 * Compresses the answers of routes that ask for it, for clients that accept it: brotli, else gzip, both at a level that
 * costs less time than it saves on the way.
 */
export async function registerCompression(app: FastifyInstance): Promise<void> {
  await app.register(compress, {
    global: false,
    threshold,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 6 },
  });
}

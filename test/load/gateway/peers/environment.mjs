// What a peer is told, by environment variables, and the header by which clients of the benchmark name their viewer.
import { readFileSync } from 'node:fs';

/** The SDL of the supergraph, with the services' addresses in it. */
export const supergraphSdl = readFileSync(process.env.SUPERGRAPH_FILE, 'utf8');

/** The base address of each service by its name. */
export const services = JSON.parse(process.env.SERVICES);

export const port = Number(process.env.PORT);

/**
 * Peers do not authenticate: a client gives them the token that services expect, and they pass it on. Ours verifies the
 * client's own token and makes that one itself.
 */
export const viewerHeader = 'x-viewer-token';

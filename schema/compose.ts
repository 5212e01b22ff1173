import { writeFile } from 'node:fs/promises';
import { composeSupergraph } from './composition.js';
import { readSubgraphs } from './subgraphs.js';

/** Writes `supergraph.graphql` anew from the SDL of the services. */
const supergraph = composeSupergraph(await readSubgraphs());
await writeFile(new URL('supergraph.graphql', import.meta.url), supergraph);

import { composeContracts } from './contracts.js';
import { writeGenerated } from './generated-file.js';
import { readSubgraphs } from './subgraphs.js';

/** Writes the supergraph and the audiences' schemas anew from the SDL of the services. */
await writeGenerated(composeContracts(await readSubgraphs()));

import { composeSupergraph } from './composition.js';
import { writeGenerated } from './generated-file.js';
import { generateCode } from './generation/generate-code.js';
import { readOperations } from './operations.js';
import { readSubgraphs } from './subgraphs.js';

/** Writes the code that is generated from the contracts and the operations anew. */
const subgraphs = await readSubgraphs();
await writeGenerated(await generateCode(subgraphs, composeSupergraph(subgraphs), await readOperations()));

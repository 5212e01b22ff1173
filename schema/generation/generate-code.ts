import type { GeneratedFile } from '../generated-file.js';
import { printSafelist, type Operation } from '../operations.js';
import type { SubgraphName } from '../subgraphs.js';
import { generateOperationTypes } from './operation-types.js';
import { generateResolverTypes } from './resolver-types.js';

/** Everything that `npm run codegen` writes: resolver types, typed operations and the safelist. */
export async function generateCode(
  subgraphs: Readonly<Record<SubgraphName, string>>,
  supergraphSdl: string,
  operations: readonly Operation[],
): Promise<GeneratedFile[]> {
  const resolverTypes = await generateResolverTypes(subgraphs);
  const operationTypes = await generateOperationTypes(supergraphSdl, operations);
  const safelist = { path: 'schema/operations/safelist.json', content: printSafelist(operations) };
  return [...resolverTypes, ...operationTypes, safelist];
}

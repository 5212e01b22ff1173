import { checkClientOperations } from './checks/client-operations.js';
import { checkDeprecations } from './checks/deprecations.js';
import { checkDescriptions } from './checks/descriptions.js';
import { checkDrift } from './checks/drift.js';
import { checkEnums } from './checks/enums.js';
import { checkHints } from './checks/hints.js';
import { checkListSizes } from './checks/list-sizes.js';
import { checkNullability } from './checks/nullability.js';
import type { Problem } from './checks/problem.js';
import { composeSupergraph } from './composition.js';
import { composeContracts } from './contracts.js';
import { generateCode } from './generation/generate-code.js';
import { readOperations } from './operations.js';
import { readSubgraphs } from './subgraphs.js';

/** Checks the contracts and everything that is generated from them; exits 1 and says why when a rule is broken. */
async function findProblems(): Promise<Record<string, readonly Problem[]>> {
  const subgraphs = await readSubgraphs();
  const operations = await readOperations();
  const supergraphSdl = composeSupergraph(subgraphs);
  const generated = [
    ...composeContracts(subgraphs),
    ...(await generateCode(subgraphs, supergraphSdl, operations)),
  ];
  return {
    'Composition hints': checkHints(subgraphs),
    Descriptions: checkDescriptions(subgraphs),
    Nullability: checkNullability(subgraphs),
    Enums: checkEnums(subgraphs),
    'List sizes': checkListSizes(subgraphs),
    Deprecations: checkDeprecations(subgraphs),
    'Client operations': checkClientOperations(supergraphSdl, operations),
    'Generated files': await checkDrift(generated),
  };
}

function report(problems: Readonly<Record<string, readonly Problem[]>>): string {
  return Object.entries(problems)
    .filter(([, found]) => found.length > 0)
    .map(([check, found]) => [check, ...found.map(({ at, message }) => `  ${at}: ${message}`)].join('\n'))
    .join('\n');
}

try {
  const problems = report(await findProblems());
  process.stdout.write(problems === '' ? 'The contracts hold.\n' : `${problems}\n`);
  process.exitCode = problems === '' ? 0 : 1;
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

import { parseArgs } from 'node:util';
import { fetchSuites, type Suite } from './suites.js';
import { loadSuite, type Verdict } from './run-suite.js';

/**
 * Runs the public audit of federation gateways (graphql-hive/federation-gateway-audit) against our planner, our prepared
 * operations and our executor. The audit's server has to run already; its address is the argument.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [address] = positionals;
if (address === undefined) {
  process.stderr.write(
    'Usage: npm run audit -- <address of the audit server, for example http://127.0.0.1:4200>\n',
  );
  process.exit(2);
}

const failures: string[] = [];
let passed = 0;
for (const suite of await fetchSuites(address)) {
  const verdicts = await verdictsOf(suite);
  const good = verdicts.filter(({ problem }) => problem === undefined).length;
  passed += good;
  process.stdout.write(
    `${good === verdicts.length ? 'ok  ' : 'FAIL'} ${suite.id} ${good}/${verdicts.length}\n`,
  );
  for (const [index, { query, problem }] of verdicts.entries()) {
    if (problem !== undefined) failures.push(`${suite.id} #${index + 1}\n${query.trim()}\n${problem}`);
  }
}
for (const failure of failures) process.stdout.write(`\n${failure}\n`);
process.stdout.write(`\n${passed} of ${passed + failures.length} pass\n`);
process.exit(failures.length === 0 && passed > 0 ? 0 : 1);

async function verdictsOf(suite: Suite): Promise<readonly Verdict[]> {
  try {
    const run = await loadSuite(suite);
    const verdicts: Verdict[] = [];
    for (const test of suite.tests) verdicts.push(await run(test));
    return verdicts;
  } catch (error) {
    return suite.tests.map(({ query }) => ({ query, problem: `The suite does not load: ${String(error)}` }));
  }
}

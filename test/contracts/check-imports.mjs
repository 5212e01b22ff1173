// Holds every import against the table "who may import whom" (.dependency-cruiser.cjs). A cruise that finds no modules
// is a failure too: it would pass whatever the code does.
import { resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const roots = ['schema', 'telemetry', 'gateway', 'subgraphs', 'docker', 'test'];
const fewestModules = 100;

const config = await extractConfig(resolve('.dependency-cruiser.cjs'));
const { output } = await cruise(
  roots,
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  {},
  { tsConfig: extractTsConfig('tsconfig.json') },
);
const { violations, totalCruised } = output.summary;

for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (totalCruised < fewestModules) {
  console.error(`Only ${totalCruised} modules were looked at: the check does not see the code.`);
  process.exitCode = 1;
} else if (violations.length > 0) {
  console.error(`${violations.length} imports break the table in .dependency-cruiser.cjs`);
  process.exitCode = 1;
}

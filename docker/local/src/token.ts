import { openDataFolder } from './data-folder.js';
import { readEnvironment } from './environment.js';
import { storedDemoPointers } from './identity/stored-demo-pointers.js';
import { storedIdentity } from './identity/stored-identity.js';
import { parseTokenArguments, tokenUsage } from './identity/token-command.js';
import { explain } from './run-command.js';

async function main(): Promise<void> {
  const environment = readEnvironment();
  const data = await openDataFolder(environment.dataFolder);
  const request = parseTokenArguments(process.argv.slice(2), await storedDemoPointers(data));
  if (request === undefined) return void process.stdout.write(tokenUsage);
  const identity = await storedIdentity(data.folder, environment.IDENTITY_ISSUER);
  process.stdout.write(`${await identity.issueToken(request)}\n`);
}

await main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});

import { readEnvironment } from './environment.js';
import { startGateway, type RunningGateway } from './start.js';

const gateway = await start();
let stopping = false;

process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('SIGHUP', () => void gateway.reloadSupergraph());
process.on('disconnect', stop); // the parent that started this process with a channel to it is gone
if (process.send && !process.connected) stop(); // it went while this process was starting

/** A start that fails is told in one message without a stack. */
async function start(): Promise<RunningGateway> {
  try {
    return await startGateway(readEnvironment());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  void gateway.close().finally(() => process.exit(0));
}

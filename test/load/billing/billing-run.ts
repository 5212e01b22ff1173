import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a billing run took. Memory is the whole process's, in bytes. */
export interface BillingRun {
  readonly seconds: number;
  /** Before the first subscription was read. */
  readonly atStart: number;
  readonly highest: number;
  /** The highest in each tenth of the time that the run took: what stays is kept from one subscription to the next. */
  readonly tenths: readonly number[];
}

/** Does all that falls due until an instant, in a process of its own. */
export function runBilling(databaseUrl: string, until: Date): Promise<BillingRun> {
  const program = fileURLToPath(new URL('billing-run-process.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(program, [databaseUrl, until.toISOString()], { execArgv: process.execArgv });
    let told: BillingRun | undefined;
    child.once('message', (message) => (told = message as BillingRun));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (told !== undefined) resolve(told);
      else reject(new Error(`The billing run ended with ${signal ?? code} and told nothing`));
    });
  });
}

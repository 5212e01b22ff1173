import { parseArgs } from 'node:util';
import { UsageError } from './usage.js';

/** How `npm start` and `npm run seed` are called. */
export interface StartArguments {
  /** Begin afresh. */
  readonly reset: boolean;
  /** How many demo accounts; undefined leaves it to what is there. */
  readonly accounts: number | undefined;
  readonly verbose: boolean;
  readonly help: boolean;
}

/** The fewest that hold one of everything: an account that buys from a partner among them. */
const fewestAccounts = 100;
const mostAccounts = 10_000_000;

/** @throws UsageError when an option is unknown or malformed; its usage text is the given one */
export function parseStartArguments(args: readonly string[], usage: string): StartArguments {
  const values = parse(args, usage);
  const { reset = false, verbose = false, help = false } = values;
  const accounts = values.accounts === undefined ? undefined : Number(values.accounts);
  const sound = accounts === undefined || (Number.isInteger(accounts) && accounts >= fewestAccounts);
  if (!sound || (accounts ?? 0) > mostAccounts) {
    throw new UsageError(
      `--accounts takes a whole number from ${fewestAccounts} to ${mostAccounts}, not "${values.accounts}".`,
      usage,
    );
  }
  return { reset, accounts, verbose, help };
}

function parse(args: readonly string[], usage: string) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        reset: { type: 'boolean' },
        accounts: { type: 'string' },
        verbose: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, usage);
  }
}

import { parseArgs } from 'node:util';

export const usage = `Checks a license file with public keys alone.

  fulfillment-license verify FILE --keys KEYS [options]

  --keys KEYS             a JSON Web Key Set: a file, or an http(s) address
  --instance ID           the id of the instance that wants to use the file
  --instance-key FILE     its private X25519 key as JWK, for a file that is encrypted to it
  --at INSTANT            judge as of then, for example 2026-12-31T23:59:59Z (now)
  --json                  print the verdict as JSON
  --help                  this text

Exit code 0: valid. 1: not valid, the reasons are printed. 2: it could not be checked.
`;

/** What the command is asked to do. */
export interface VerifyCommand {
  readonly file: string;
  readonly keys: string;
  readonly instance: string | undefined;
  readonly instanceKey: string | undefined;
  readonly at: Date;
  readonly json: boolean;
}

/**
 * Reads the command line; null when help is asked for.
 * @throws Error with a message for people when it does not fit
 */
export function readArguments(args: readonly string[], now: Date): VerifyCommand | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      keys: { type: 'string' },
      instance: { type: 'string' },
      'instance-key': { type: 'string' },
      at: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const [command, file, ...more] = positionals;
  if (command !== 'verify' || file === undefined || more.length > 0) {
    throw new Error('Say what to check: fulfillment-license verify FILE --keys KEYS');
  }
  if (values.keys === undefined) throw new Error('--keys is missing: a file or address of the public keys.');
  const at = values.at === undefined ? now : new Date(values.at);
  if (Number.isNaN(at.getTime())) {
    throw new Error('--at is not an instant; an example is 2026-12-31T23:59:59Z.');
  }
  return {
    file,
    keys: values.keys,
    instance: values.instance,
    instanceKey: values['instance-key'],
    at,
    json: values.json,
  };
}

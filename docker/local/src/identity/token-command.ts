import { parseArgs } from 'node:util';
import { AUDIENCES, type Audience } from '@fulfillment/schema/audience';
import type { DemoPointers } from '../seeding/demo-pointers.js';
import { UsageError } from '../usage.js';
import type { TokenRequest } from './token-request.js';

export const tokenUsage = `Prints a token for one of the three kinds of client.

  npm run -s token -- product  [--account ID] [--deployment ID]
  npm run -s token -- internal
  npm run -s token -- partner  [--partner ID]

  --account ID       the account to work for; a demo account when left out
  --deployment ID    the one deployment of it to work for; every one when left out
  --partner ID       the partner to work for; a demo partner when left out
  --scopes "a b"     what the token permits; the audience's usual scopes when left out
  --subject NAME     who works with it
  --expires-in 12h   how long it holds: a number and s, m, h or d

What reports the use of a deployment has a token of its own, for that alone:
  npm run -s token -- product --scopes "seats:write usage:write"
`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Reads the command's arguments. Ids that are left out come from the demo data.
 * @returns undefined when help is asked for
 * @throws UsageError when something is missing or malformed
 */
export function parseTokenArguments(
  args: readonly string[],
  demo: DemoPointers | undefined,
): TokenRequest | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const audience = audienceOf(positionals);
  refuseForeignOptions(audience, values);
  const common = {
    ...(values.scopes === undefined
      ? {}
      : { scopes: values.scopes.split(/\s+/).filter((scope) => scope !== '') }),
    ...(values.subject === undefined ? {} : { subject: values.subject }),
    ...(values['expires-in'] === undefined ? {} : { expiresInSeconds: parseDuration(values['expires-in']) }),
  };
  if (audience === 'internal') return { audience, ...common };
  if (audience === 'partner') {
    const partner =
      checkedId('--partner', values.partner) ?? requireDemo(demo, '--partner').partner.partnerId;
    return { audience, partner, ...common };
  }
  const account = checkedId('--account', values.account) ?? requireDemo(demo, '--account').product.accountId;
  const deployment = checkedId('--deployment', values.deployment);
  return { audience, account, ...(deployment === undefined ? {} : { deployment }), ...common };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        account: { type: 'string' },
        deployment: { type: 'string' },
        partner: { type: 'string' },
        scopes: { type: 'string' },
        subject: { type: 'string' },
        'expires-in': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, tokenUsage);
  }
}

function audienceOf(positionals: readonly string[]): Audience {
  const found = AUDIENCES.find((audience) => audience === positionals[0]);
  if (found !== undefined && positionals.length === 1) return found;
  throw new UsageError('Say which kind of client: product, internal or partner.', tokenUsage);
}

function refuseForeignOptions(audience: Audience, values: Readonly<Record<string, unknown>>): void {
  const owners = { account: 'product', deployment: 'product', partner: 'partner' } as const;
  for (const [option, owner] of Object.entries(owners)) {
    if (values[option] !== undefined && audience !== owner) {
      throw new UsageError(`--${option} goes with "${owner}" alone.`, tokenUsage);
    }
  }
}

function checkedId(option: string, text: string | undefined): string | undefined {
  if (text === undefined || uuid.test(text)) return text?.toLowerCase();
  throw new UsageError(
    `${option} takes an id like 0b8c4f5e-5b1f-5d0c-9a49-0b7f0c6a2d11, not "${text}".`,
    tokenUsage,
  );
}

function requireDemo(demo: DemoPointers | undefined, option: string): DemoPointers {
  if (demo !== undefined) return demo;
  throw new UsageError(`There is no demo data yet: run "npm start" first, or give ${option}.`, tokenUsage);
}

function parseDuration(text: string): number {
  const match = /^(\d+)([smhd])$/.exec(text);
  if (match === null) {
    throw new UsageError(
      `--expires-in takes a number and s, m, h or d, for example 12h, not "${text}".`,
      tokenUsage,
    );
  }
  return Number(match[1]) * (secondsOf[match[2] ?? ''] ?? 0);
}

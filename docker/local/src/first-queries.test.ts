import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AUDIENCES } from '@fulfillment/schema/audience';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkoutFolder } from './environment.js';
import { curlCommand, firstRequests, type RequestBody } from './first-queries.js';

const requests = firstRequests({
  product: {
    accountId: '0b8c4f5e-5b1f-5d0c-9a49-0b7f0c6a2d11',
    accountName: "O'Hara & Sons",
    deployment: {
      id: '1d0f1a2b-5b1f-5d0c-9a49-0b7f0c6a2d22',
      kind: 'SAAS_NAMESPACE',
      externalId: `o'hara "$HOME"`,
    },
  },
  partner: { partnerId: '2c3d4e5f-5b1f-5d0c-9a49-0b7f0c6a2d33', partnerName: 'Brightline' },
});

const safelist = JSON.parse(
  readFileSync(path.join(checkoutFolder, 'schema', 'operations', 'safelist.json'), 'utf8'),
) as Record<string, { audience: string; document: string }>;

/** The text of a request, by the hash that it names or as it is. */
function textOf({ query, extensions }: RequestBody): string {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash: string } };
  return query ?? safelist[persistedQuery?.sha256Hash ?? '']?.document ?? '';
}

describe.each(AUDIENCES)('the first query for %s', (audience) => {
  it('is valid in the schema that this audience sees', () => {
    const file = path.join(checkoutFolder, 'schema', 'audiences', `${audience}.graphql`);
    const schema = buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true });
    expect(validate(schema, parse(textOf(requests[audience])))).toEqual([]);
  });

  it('comes through the shell as it is', () => {
    const command = curlCommand('http://localhost:4000/graphql', audience, requests[audience]);
    const script = `curl() { printf '%s\\n' "$@"; }; ${audience.toUpperCase()}_TOKEN=abc; ${command}`;
    const args = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(args).toContain('authorization: Bearer abc');
    expect(JSON.parse(args.at(-1) ?? '')).toEqual(requests[audience]);
  });
});

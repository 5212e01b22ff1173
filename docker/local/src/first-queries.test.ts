import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AUDIENCES } from '@fulfillment/schema/audience';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkoutFolder } from './environment.js';
import { curlCommand, firstQueries } from './first-queries.js';

const queries = firstQueries({
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

describe.each(AUDIENCES)('the first query for %s', (audience) => {
  it('is valid in the schema that this audience sees', () => {
    const file = path.join(checkoutFolder, 'schema', 'audiences', `${audience}.graphql`);
    const schema = buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true });
    expect(validate(schema, parse(queries[audience]))).toEqual([]);
  });

  it('comes through the shell as it is', () => {
    const command = curlCommand('http://localhost:4000/graphql', audience, queries[audience]);
    const script = `curl() { printf '%s\\n' "$@"; }; ${audience.toUpperCase()}_TOKEN=abc; ${command}`;
    const args = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(args).toContain('authorization: Bearer abc');
    expect(JSON.parse(args.at(-1) ?? '')).toEqual({ query: queries[audience] });
  });
});

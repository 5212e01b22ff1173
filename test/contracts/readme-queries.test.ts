import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AUDIENCES, type Audience } from '@fulfillment/schema/audience';
import { buildSchema, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

/** How README.md begins the paragraph above the query of each kind of client. */
const openings: Readonly<Record<Audience, string>> = {
  product: '**The product**',
  internal: '**A dashboard**',
  partner: '**A partner**',
};

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^(\*\*.+)\n(?:.+\n)*\n```graphql\n([^`]+)```/gm)].map(
  ([, paragraph = '', query = '']) => ({ paragraph, query }),
);

describe('the queries in README.md', () => {
  it('are one for each kind of client', () => {
    expect(readme.split('```graphql')).toHaveLength(AUDIENCES.length + 1);
    expect(blocks).toHaveLength(AUDIENCES.length);
  });

  it.each(AUDIENCES)('are valid in the schema that %s sees', (audience) => {
    const query = blocks.find(({ paragraph }) => paragraph.startsWith(openings[audience]))?.query ?? '';
    const file = fileURLToPath(new URL(`../../schema/audiences/${audience}.graphql`, import.meta.url));
    const schema = buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true });
    expect(validate(schema, parse(query))).toEqual([]);
  });

  it('may be sent as they are: the product’s is its registered operation', () => {
    const query = blocks.find(({ paragraph }) => paragraph.startsWith(openings.product))?.query ?? '';
    const registered = new URL('../../schema/operations/product/Entitlements.graphql', import.meta.url);
    expect(print(parse(query))).toBe(print(parse(readFileSync(registered, 'utf8'))));
  });
});

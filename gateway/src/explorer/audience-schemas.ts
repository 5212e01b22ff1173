import { readFile } from 'node:fs/promises';
import type { Audience } from '@fulfillment/schema/audience';
import { buildSchema, type GraphQLSchema } from 'graphql';

/** What each audience sees, from the committed SDL, built when it is first asked for. */
export function createAudienceSchemas(): (audience: Audience) => Promise<GraphQLSchema> {
  const built = new Map<Audience, Promise<GraphQLSchema>>();
  return (audience) => {
    const schema = built.get(audience) ?? build(audience);
    built.set(audience, schema);
    return schema;
  };
}

async function build(audience: Audience): Promise<GraphQLSchema> {
  const file = new URL(import.meta.resolve(`@fulfillment/schema/audiences/${audience}.graphql`));
  return buildSchema(await readFile(file, 'utf8'), { assumeValid: true });
}

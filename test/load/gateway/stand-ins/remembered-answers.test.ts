import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { expect, it, vi } from 'vitest';
import { createAnswerer } from './remembered-answers.js';
import { standInResolvers } from './resolvers.js';
import { standInNames, standInSdl } from './subgraphs.js';

const schemaOf = (name: (typeof standInNames)[number], resolvers: object = standInResolvers[name]) =>
  buildSubgraphSchema([{ typeDefs: parse(standInSdl[name]), resolvers: resolvers as never }]);

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { reviews { id author { username } product { upc } } } }
}`;
const variablesOf = (page: string) => ({ representations: [{ __typename: 'User', id: `${page}-u1` }] });

it('answers for another page what it would work out for it, and does not work it out again', async () => {
  const { User } = standInResolvers.reviews;
  const reviews = vi.fn(User.reviews);
  const schema = schemaOf('reviews', { ...standInResolvers.reviews, User: { ...User, reviews } });
  const answer = createAnswerer(schema);
  for (const page of ['pg-00000001', 'pg-00000002', 'pg-00000003']) {
    const variables = variablesOf(page);
    const expected = await graphql({ schema: schemaOf('reviews'), source: query, variableValues: variables });
    expect(expected).toMatchObject({
      data: { _entities: [{ reviews: [{ author: { username: 'grace-1' } }, {}] }] },
    });
    expect(JSON.parse(await answer(JSON.stringify({ query, variables })))).toEqual(
      JSON.parse(JSON.stringify(expected)),
    );
  }
  expect(reviews).toHaveBeenCalledTimes(1);
});

it.each(standInNames)('the stand-in for %s holds together', async (name) => {
  const { data } = await graphql({ schema: schemaOf(name), source: '{ _service { sdl } }' });
  expect(data).toBeTruthy();
});

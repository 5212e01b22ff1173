import { describe, expect, it } from 'vitest';
import { toOperation } from '../operations.js';
import { supergraphOf } from '../testing/fixture.js';
import { checkClientOperations } from './client-operations.js';

const PATH = 'schema/operations/partner/MyThing.graphql';
const operation = toOperation(PATH, 'partner', '# Shows it.\nquery PartnerMyThing { thing { name } }');

const problems = (sdl: string) =>
  checkClientOperations(supergraphOf(sdl), [operation]).map(({ at, message }) => `${at}: ${message}`);

describe('checkClientOperations', () => {
  it('accepts an operation that fits', () => {
    expect(
      problems(
        'type Query { thing: Thing @tag(name: "partner") } type Thing @tag(name: "partner") { name: String }',
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'removed',
      'type Query { thing: Thing @tag(name: "partner") } type Thing @tag(name: "partner") { title: String }',
    ],
    [
      'hidden from the audience',
      'type Query { thing: Thing @tag(name: "partner") } type Thing @tag(name: "partner") { title: String name: String @tag(name: "internal") }',
    ],
  ])('names the file, the client and the field when a field is %s', (_, sdl) => {
    expect(problems(sdl)).toEqual([
      `${PATH} (sent by the partner client): breaks: name: Cannot query field "name" on type "Thing".`,
    ]);
  });

  it('finds a new argument that is required', () => {
    const found = problems(
      'type Query { thing(id: ID!): Thing @tag(name: "partner") } type Thing @tag(name: "partner") { name: String }',
    );
    expect(found[0]).toContain('thing: Field "thing" argument "id"');
  });
});

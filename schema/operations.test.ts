import { describe, expect, it } from 'vitest';
import { printSafelist, toOperation } from './operations.js';

const PATH = 'schema/operations/internal/Things.graphql';

describe('toOperation', () => {
  it('normalises the document, so that its hash does not depend on layout or comments', () => {
    const one = toOperation(PATH, 'internal', '# Lists things.\nquery InternalThings {\n  things { id } }\n');
    const other = toOperation(
      PATH,
      'internal',
      '# All things.\nquery InternalThings { things { id # here\n } }',
    );
    expect(one.document).toBe(other.document);
    expect(one.hash).toBe(other.hash);
    expect(JSON.parse(printSafelist([one]))).toEqual({
      [one.hash]: { audience: 'internal', operationName: 'InternalThings', document: one.document },
    });
  });

  it.each([
    ['another name', '# x\nquery Things { id }', 'exactly one operation, InternalThings'],
    ['a second operation', '# x\nquery InternalThings { id } query More { id }', 'exactly one operation'],
    ['no comment', 'query InternalThings { id }', 'start with a comment'],
  ])('refuses a file with %s', (_, text, reason) => {
    expect(() => toOperation(PATH, 'internal', text)).toThrow(reason);
  });
});

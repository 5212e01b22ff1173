import { describe, expect, it } from 'vitest';
import { askedOperation, withText } from './asked-operation.js';

const hash = 'a'.repeat(64);
const persisted = { persistedQuery: { version: 1, sha256Hash: hash } };

describe('which operation a request means', () => {
  it.each([
    [{ query: '{ a }' }, { query: '{ a }' }],
    [{ extensions: persisted }, { hash }],
    [
      { query: '{ a }', extensions: persisted },
      { query: '{ a }', hash },
    ],
    [{ extensions: JSON.stringify(persisted) }, { hash }],
    [{ documentId: `sha256:${hash}` }, { hash }],
    [{ documentId: hash }, { hash }],
    [{ extensions: { persistedQuery: {} } }, { hash: '' }],
    [{ query: '', extensions: '{' }, {}],
    [{ query: 7, documentId: 7, extensions: [persisted] }, {}],
    [{ extensions: { persistedQuery: hash } }, {}],
    [{}, {}],
  ])('%j', (params, asked) => {
    expect(askedOperation(params)).toEqual(asked);
  });
});

describe('the text that runs stands in place of the hash', () => {
  it.each([
    [
      { extensions: { ...persisted, cost: true }, variables: { n: 1 } },
      { query: '{ b }', extensions: { cost: true }, variables: { n: 1 } },
    ],
    [{ extensions: JSON.stringify(persisted) }, { query: '{ b }', extensions: '{}' }],
    [{ documentId: hash, query: '{ a }' }, { query: '{ b }' }],
    [
      { query: '{ a }', extensions: 7 },
      { query: '{ b }', extensions: 7 },
    ],
  ])('%j', (params, expected) => {
    expect(withText(params, '{ b }')).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalAnswer, canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('is the same whatever the order of keys, and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  it('of an answer holds data and errors alone', () => {
    const answer = canonicalAnswer('{"extensions":{"cost":1},"data":{"b":1,"a":2}}');
    expect(answer).toBe(canonicalAnswer('{"data":{"a":2,"b":1}}'));
    expect(answer).not.toBe(canonicalAnswer('{"data":{"a":2,"b":1},"errors":[]}'));
  });
});

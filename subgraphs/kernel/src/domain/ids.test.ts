import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { deploymentId, derivedId, isUuid, referenceById, uuidV5 } from './ids.js';

describe('ids', () => {
  test('uuidV5 gives the example of RFC 9562, appendix A.4', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  test('uuidV5 refuses a namespace that is not a UUID', () => {
    expect(() => uuidV5('fulfillment', 'x')).toThrow(RangeError);
  });

  test('the ids of deployments are a contract between services: they do not change', () => {
    expect(deploymentId('SAAS_NAMESPACE', 'münchen/ops')).toBe('7041a276-6329-5105-b36d-a2d5925f4f07');
    expect(deploymentId('SELF_MANAGED_INSTANCE', 'münchen/ops')).not.toBe(
      deploymentId('SAAS_NAMESPACE', 'münchen/ops'),
    );
  });

  test('a reference by what is not a UUID is nobody', () => {
    const id = deploymentId('SAAS_NAMESPACE', 'ops');
    expect(referenceById({ id })).toEqual({ id });
    expect(referenceById({ id: 'ops' })).toBeNull();
  });

  test('derived ids are UUIDs of version 5, and the same again', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.oneof(fc.string(), fc.integer())), (kind, parts) => {
        const id = derivedId(kind, ...parts);
        expect(isUuid(id)).toBe(true);
        expect(id).toMatch(/^.{14}5.{4}[89ab]/);
        expect(derivedId(kind, ...parts)).toBe(id);
      }),
    );
  });

  test('parts are kept apart', () => {
    const texts = ['a', 'b', 'a,b', '"', '","', ''];
    const ids = texts.flatMap((left) => texts.map((right) => derivedId('grant', left, right)));
    expect(new Set(ids).size).toBe(texts.length ** 2);
    expect(derivedId('grant', 'a', 'b')).not.toBe(derivedId('grant', 'a,b'));
  });

  test.each([
    ['2ed6657d-e927-568b-95e1-2665a8aea6a2', true],
    ['2ED6657D-E927-568B-95E1-2665A8AEA6A2', true],
    ['2ed6657de927568b95e12665a8aea6a2', false],
    ['2ed6657d-e927-568b-95e1-2665a8aea6a2\n', false],
    ['', false],
  ])('isUuid(%j) is %s', (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { pageHole, pageName, pagePattern } from './stand-ins/page.js';
import { requestsInTurn } from './workload.js';

const request = (name: string) => ({
  token: name,
  body: `{"q":"${name}","page":"${pageHole}"}`,
  expected: `"${pageHole}-é"`,
});

describe('requests in turn', () => {
  it('name a page of their own each, and expect it in the answer', () => {
    const next = requestsInTurn({ requests: [request('a'), request('b')], everyPageOnce: true }, 7);
    const sent = [next(), next(), next()];
    expect(sent.map(({ body }) => body)).toEqual([
      '{"q":"a","page":"pg-00000007"}',
      '{"q":"b","page":"pg-00000008"}',
      '{"q":"a","page":"pg-00000009"}',
    ]);
    expect(sent[2]?.expected()).toBe('"pg-00000009-é"');
    expect(sent[2]?.fewestBytes).toBe(Buffer.byteLength('"pg-00000009-é"'));
    expect(sent[1]?.headers).toEqual({ 'content-type': 'application/json', authorization: 'Bearer b' });
  });

  it('are one and the same where pages stay', () => {
    const next = requestsInTurn({ requests: [request('a')], everyPageOnce: false }, 7);
    expect(next().body).toBe(next().body);
  });

  it('carry the viewer for those that do not authenticate', () => {
    const next = requestsInTurn(
      { requests: [{ token: 'a', viewerToken: 'v', body: '{}', expected: '{}' }], everyPageOnce: false },
      0,
    );
    expect(next()).toMatchObject({ headers: { 'x-viewer-token': 'v' }, page: undefined });
  });
});

it('every page is as long as the hole for it', () => {
  for (const page of [pageName(0), pageName(123_456_789)]) {
    expect(page).toMatch(pagePattern);
    expect(page).toHaveLength(pageHole.length);
  }
});

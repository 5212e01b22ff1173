import { expect, test } from 'vitest';
import { isAllowedReturnUrl } from './return-url.js';

const allowed = ['https://app.example.com', 'http://localhost:3000'];

test.each([
  'https://app.example.com',
  'https://app.example.com/',
  'https://app.example.com/billing/back?tab=plan#seats',
  'https://app.example.com:443/back',
  'https://APP.example.com/back',
  'http://localhost:3000/back',
])('may return to %s', (url) => {
  expect(isAllowedReturnUrl(url, allowed)).toBe(true);
});

test.each([
  ['another host', 'https://evil.example/back'],
  ['a host that begins alike', 'https://app.example.com.evil.example/back'],
  ['a host that ends alike', 'https://evil-app.example.com/back'],
  ['a subdomain', 'https://x.app.example.com/back'],
  ['our host as the name of a user', 'https://app.example.com@evil.example/back'],
  ['a user at our host', 'https://user:secret@app.example.com/back'],
  ['another scheme', 'http://app.example.com/back'],
  ['another port', 'https://app.example.com:8443/back'],
  ['no scheme', '//app.example.com/back'],
  ['a path', '/back'],
  ['a script', 'javascript:alert(1)//https://app.example.com'],
  ['data', 'data:text/html,https://app.example.com'],
  ['a backslash', 'https://evil.example\\@app.example.com/back'],
  ['backslashes for slashes', 'https:\\\\app.example.com/back'],
  ['too many slashes', 'https:///app.example.com/back'],
  ['a line break', 'https://app.example.com/\nback'],
  ['a tab in the scheme', 'ht\ttps://app.example.com/back'],
  ['white space before it', ' https://app.example.com/back'],
  ['letters that look alike', 'https://аpp.example.com/back'],
  ['a dot at the end', 'https://app.example.com./back'],
  ['nothing', ''],
  ['too much', `https://app.example.com/${'x'.repeat(2_048)}`],
])('may not return to %s', (_, url) => {
  expect(isAllowedReturnUrl(url, allowed)).toBe(false);
});

test('an empty list allows nothing', () => {
  expect(isAllowedReturnUrl('https://app.example.com/', [])).toBe(false);
});

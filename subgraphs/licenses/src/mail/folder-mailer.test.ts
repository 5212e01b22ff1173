import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Mail } from '../service/delivery-ports.js';
import { createFolderMailer } from './folder-mailer.js';

const folder = await mkdtemp(path.join(tmpdir(), 'mails-'));
afterAll(() => rm(folder, { recursive: true }));
const at = new Date('2026-11-29T12:00:00Z');
const mailer = createFolderMailer(path.join(folder, 'out'), 'licenses@example.com', () => at);

const mail: Mail = {
  id: 'a1',
  to: [{ name: 'Zoë "Z"\r\nBcc: thief@example.com', email: 'zoe@bücher.example' }],
  subject: `Lizenz für Ünternehmen ${'ä'.repeat(60)}`,
  text: 'Grüße\n',
  attachments: [{ fileName: 'license.txt', text: `${'x'.repeat(200)}\n` }],
};

test('a mail is one file, however often it is sent, with headers that nobody’s name can add to', async () => {
  await mailer.send(mail);
  await mailer.send(mail);
  expect(await readdir(path.join(folder, 'out'))).toEqual(['a1.eml']);
  const message = await readFile(path.join(folder, 'out', 'a1.eml'), 'utf8');
  const [head = '', ...rest] = message.split('\r\n\r\n');
  const headers = head.replaceAll('\r\n ', ' ').split('\r\n');
  expect(headers.map((header) => header.split(':')[0])).toEqual([
    'Message-ID',
    'Date',
    'From',
    'To',
    'Subject',
    'MIME-Version',
    'Content-Type',
  ]);
  expect(headers).toContain('Date: Sun, 29 Nov 2026 12:00:00 +0000');
  expect(decoded(headers[4] ?? '')).toBe(`Subject: ${mail.subject}`);
  expect(decoded(headers[3] ?? '')).toBe(`To: ${mail.to[0]?.name} <zoe@xn--bcher-kva.example>`);
  expect(message.split('\r\n').every((line) => line.length <= 76)).toBe(true);
  const parts = rest.join('\r\n\r\n').split('--part-of-a1').slice(1, 3);
  const texts = parts.map((part) => Buffer.from(part.split('\r\n\r\n')[1] ?? '', 'base64').toString());
  expect(texts).toEqual([mail.text, mail.attachments[0]?.text]);
});

/** The words of a header (RFC 2047); blanks between two of them are not part of the text. */
function decoded(header: string): string {
  return header
    .replaceAll('?= =?', '?==?')
    .replaceAll(/=\?utf-8\?B\?([^?]*)\?=/g, (_, word: string) => Buffer.from(word, 'base64').toString());
}

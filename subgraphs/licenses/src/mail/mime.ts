import { domainToASCII } from 'node:url';
import type { Mail } from '../service/delivery-ports.js';

/**
 * A mail as a message (RFC 5322) in MIME (RFC 2045 to 2047), with lines ended by CR LF: text in UTF-8, then the attachments.
 * @param from the sender's address
 * @param date when it is handed over
 */
export function toMessage({ id, to, subject, text, attachments }: Mail, from: string, date: Date): string {
  const boundary = `part-of-${id}`;
  const parts = [
    part('text/plain; charset=utf-8', text, []),
    ...attachments.map(({ fileName, text: attached }) =>
      part('text/plain; charset=utf-8', attached, [
        `Content-Disposition: attachment; filename="${fileName}"`,
      ]),
    ),
  ];
  return [
    `Message-ID: <${id}@licenses>`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `From: ${from}`,
    `To: ${to.map(({ name, email }) => `${encodedWords(name)}\r\n <${asciiDomain(email)}>`).join(',\r\n ')}`,
    `Subject: ${encodedWords(subject)}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    ...parts.flatMap((lines) => [`--${boundary}`, ...lines]),
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

/** A domain of other letters as every mail server knows it (RFC 5891). Before the at sign nobody but the receiver knows how to write it. */
function asciiDomain(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = domainToASCII(email.slice(at + 1));
  return domain === '' ? email : `${email.slice(0, at)}@${domain}`;
}

function part(type: string, text: string, headers: readonly string[]): string[] {
  const lines =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...headers, '', ...lines];
}

/** So many bytes of text fill one encoded word: with the header's name, a line has at most 76 characters (RFC 2047). */
const bytesOfWord = 39;

/** Text of a header as encoded words: whatever it holds, it can not begin another header. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > bytesOfWord) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}

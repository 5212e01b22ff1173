const lineLength = 64;

/** What a file is: its first and last line say so. */
export type FileKind = 'LICENSE' | 'USAGE REPORT';

/**
 * Writes a compact token (JWS or JWE: parts of base64url between dots) as the text of a file: lines of 64 characters between a
 * first and a last line, each ended by a line feed.
 */
export function armor(token: string, kind: FileKind = 'LICENSE'): string {
  const lines = token.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `${[`-----BEGIN FULFILLMENT ${kind}-----`, ...lines, `-----END FULFILLMENT ${kind}-----`].join('\n')}\n`;
}

/**
 * Reads the token of a file. A text that `armor` would not have written to the letter gives undefined: so no byte of a file
 * can be changed without notice. Line feeds that were written as CR LF on the way are forgiven.
 */
export function unarmor(text: string, kind: FileKind = 'LICENSE'): string | undefined {
  const token = text.split(/\r?\n/).slice(1, -2).join('');
  const parts = token.split('.');
  if (parts.length < 3 || !parts.every((part) => isCanonical(part))) return undefined;
  return armor(token, kind) === text.replaceAll('\r\n', '\n') ? token : undefined;
}

/** The last character of base64url may hold bits that say nothing: only one way of writing them is accepted. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

/** Longer ones are cut off by browsers and proxies on the way. */
const longestUrl = 2_048;

/**
 * True when a buyer may be sent to an address after paying. An address that was made by somebody else must not lead out of
 * our own pages under our name, so its origin has to be one of a list, as browsers read it.
 *
 * @param allowedOrigins `https://example.com`, with a port where it is not the usual one
 */
export function isAllowedReturnUrl(text: string, allowedOrigins: readonly string[]): boolean {
  if (text.length > longestUrl || !isPlainlyWritten(text) || !URL.canParse(text)) return false;
  const { origin, username, password } = new URL(text);
  return username === '' && password === '' && allowedOrigins.includes(origin);
}

/** Browsers drop control characters, turn backslashes and guess at missing slashes: what is written has to be what is meant. */
function isPlainlyWritten(text: string): boolean {
  return /^https?:\/\/[^/\\]/.test(text) && /^[\x21-\x5b\x5d-\x7e]*$/.test(text);
}

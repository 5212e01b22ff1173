const storageKey = (audience) => `fulfillment.explorer.token.${audience}`;

/**
 * The tokens of the three audiences: the demo's are kept in memory alone, a pasted one until this browser tab closes.
 * A token is sent in the Authorization header and nowhere else.
 */
export class Tokens {
  #hasDemo = document.documentElement.dataset.session === 'demo';
  #session = { tokens: {} };

  /** Asks this machine's gateway for the demo's tokens, if it has any. Throws with what is wrong. */
  async load() {
    if (!this.#hasDemo) return;
    const response = await fetch('/explorer/session.json', { cache: 'no-store' });
    if (!response.ok)
      throw new Error("The gateway's demo tokens cannot be read: its log says why. Paste a token.");
    this.#session = await response.json();
  }

  /** The names that go with the demo's ids. */
  get demo() {
    return this.#session.demo;
  }

  /** `{ token, origin: 'pasted' | 'demo' }`, or undefined. */
  get(audience) {
    const pasted = sessionStorage.getItem(storageKey(audience));
    if (pasted !== null) return { token: pasted, origin: 'pasted' };
    const token = this.#session.tokens[audience];
    return token === undefined ? undefined : { token, origin: 'demo' };
  }

  /** The token to send now: an expired one of the demo is asked for anew. */
  async current(audience) {
    const held = this.get(audience);
    if (held?.origin !== 'demo' || !hasExpired(held.token)) return held?.token;
    await this.load();
    return this.get(audience)?.token;
  }

  /** Keeps a pasted token; an empty one gives way to the demo's. */
  paste(audience, token) {
    const text = token.trim().replace(/^bearer\s+/i, '');
    if (text === '') sessionStorage.removeItem(storageKey(audience));
    else if (text !== this.get(audience)?.token) sessionStorage.setItem(storageKey(audience), text);
  }
}

/** The claims of a token as they stand there, to be shown; undefined for what is not a token. Only the gateway verifies. */
export function claimsOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.codePointAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function hasExpired(token) {
  const expiresAt = claimsOf(token)?.exp;
  return typeof expiresAt === 'number' && expiresAt * 1000 <= Date.now();
}

import type { FastifyRequest } from 'fastify';

/**
 * True when the browser's address bar names this machine itself. A page of somebody else cannot arrange that: also one
 * whose name was made to point here (DNS rebinding) still sends its own name.
 */
export function isAddressedToThisMachine({ hostname }: Pick<FastifyRequest, 'hostname'>): boolean {
  const name = hostname.toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
}

/** False when a browser says that another origin asked, or that a person opened the address itself. */
export function isSentByOwnPage({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin';
}

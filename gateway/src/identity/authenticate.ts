import { unauthenticated, type VerifyToken } from './verify.js';
import { viewerScope, type MintViewerToken } from './viewer-token.js';
import type { Viewer } from './viewer.js';

/** A request whose sender is known. */
export interface Identity {
  readonly viewer: Viewer;
  /** What services are shown instead of the client's token. */
  readonly viewerToken: string;
  /** All that services are told of the viewer: answers may be shared between viewers for whom it is equal. */
  readonly viewerScope: string;
}

/** Finds out who sent a request from its `Authorization` header; throws `UNAUTHENTICATED` when nobody did. */
export type Authenticate = (authorization: string | undefined) => Promise<Identity>;

/** Without a valid token nothing is answered: there is no anonymous viewer. */
export function createAuthenticator(verify: VerifyToken, mint: MintViewerToken): Authenticate {
  return async (authorization) => {
    const viewer = await verify(bearerToken(authorization));
    return { viewer, viewerToken: mint(viewer), viewerScope: viewerScope(viewer) };
  };
}

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') {
    throw unauthenticated('A token is required: send the header "Authorization: Bearer <token>".');
  }
  const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) {
    throw unauthenticated('The authorization header must read "Bearer <token>".');
  }
  return token;
}

import { AUDIENCES, type Audience } from '@fulfillment/schema/audience';
import { z } from 'zod';

interface ViewerBase {
  /** The token's `sub`. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
}

/** Who asks: what a valid client token says. Ids are UUIDs. */
export type Viewer =
  | (ViewerBase & { readonly audience: 'product'; readonly account: string; readonly deployment?: string })
  | (ViewerBase & { readonly audience: 'internal' })
  | (ViewerBase & { readonly audience: 'partner'; readonly partner: string });

/** A name for a viewer that no other viewer has: who the token speaks for, and whom it was given to. */
export function viewerName(viewer: Viewer): string {
  switch (viewer.audience) {
    case 'product':
      return JSON.stringify(['product', viewer.account, viewer.deployment ?? null, viewer.subject]);
    case 'internal':
      return JSON.stringify(['internal', viewer.subject]);
    case 'partner':
      return JSON.stringify(['partner', viewer.partner, viewer.subject]);
  }
}

/** In small letters, as services write ids: the same account is the same viewer. */
const uuid = (claim: string) =>
  z.uuid({ error: `the claim ${claim} must be a UUID` }).transform((id) => id.toLowerCase());

const common = {
  sub: z
    .string({ error: 'the claim sub must be a text' })
    .regex(/^[^\p{C}]{1,255}$/u, 'the claim sub must be 1 to 255 characters that can be shown'),
  exp: z.number({ error: 'the claim exp must be a number' }),
  scope: z.string({ error: 'the claim scope must be a text of scopes with spaces between them' }).default(''),
};

const claimsSchema = z.discriminatedUnion('audience', [
  z.object({
    ...common,
    audience: z.literal('product'),
    account: uuid('account'),
    deployment: uuid('deployment').optional(),
  }),
  z.object({ ...common, audience: z.literal('internal') }),
  z.object({ ...common, audience: z.literal('partner'), partner: uuid('partner') }),
]);

/** The claims of a verified token, read; or what is wrong with them, in words that hold no value of the token. */
export type ClaimsReading =
  | { readonly ok: true; readonly viewer: Viewer; readonly expiresAt: number }
  | { readonly ok: false; readonly problem: string };

/** Reads the viewer from the payload of a token whose signature and issuer have been verified. `expiresAt` is in seconds. */
export function readClaims(payload: Readonly<Record<string, unknown>>): ClaimsReading {
  const audience = onlyAudience(payload['aud']);
  if (audience === undefined) {
    return { ok: false, problem: `the claim aud must be exactly one of ${AUDIENCES.join(', ')}` };
  }
  const parsed = claimsSchema.safeParse({ ...payload, audience });
  if (!parsed.success) {
    return { ok: false, problem: [...new Set(parsed.error.issues.map((issue) => issue.message))].join('; ') };
  }
  return { ok: true, viewer: toViewer(parsed.data), expiresAt: parsed.data.exp };
}

function onlyAudience(aud: unknown): Audience | undefined {
  const one: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  return AUDIENCES.find((audience) => audience === one);
}

function toViewer(claims: z.infer<typeof claimsSchema>): Viewer {
  const base = {
    subject: claims.sub,
    scopes: new Set(claims.scope.split(' ').filter((scope) => scope !== '')),
  };
  switch (claims.audience) {
    case 'product': {
      const { account, deployment } = claims;
      return { ...base, audience: 'product', account, ...(deployment === undefined ? {} : { deployment }) };
    }
    case 'internal':
      return { ...base, audience: 'internal' };
    case 'partner':
      return { ...base, audience: 'partner', partner: claims.partner };
  }
}

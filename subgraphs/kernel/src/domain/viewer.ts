import { assertNever } from './result.js';

/** A product UI: works for one account, and for one of its deployments when the token names one. Ids are UUIDs. */
export interface ProductViewer {
  readonly audience: 'product';
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  readonly accountId: string;
  readonly deploymentId: string | null;
}

/** A person or process of the company itself. */
export interface InternalViewer {
  readonly audience: 'internal';
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
}

/** A partner's portal: works for one distributor or reseller. `partnerId` is a UUID. */
export interface PartnerViewer {
  readonly audience: 'partner';
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  readonly partnerId: string;
}

/** Who is asking, as the gateway has verified it. Every store filter is made from this. */
export type Viewer = ProductViewer | InternalViewer | PartnerViewer;

/** True when the viewer's token carries the scope, for example `billing:read`. */
export function hasScope(viewer: Viewer, scope: string): boolean {
  return viewer.scopes.has(scope);
}

/** How records name who did something: `internal:ada`. */
export function personOf({ audience, subject }: Pick<Viewer, 'audience' | 'subject'>): string {
  return `${audience}:${subject}`;
}

/**
 * Whose an idempotency key is: who asks, and whom it works for, down to the one deployment that a token may name. Keys of different
 * clients never meet, so that no token gets an answer that was another one's.
 */
export function clientOf(viewer: Viewer): string {
  switch (viewer.audience) {
    case 'product':
      return JSON.stringify([
        viewer.audience,
        viewer.subject,
        viewer.accountId,
        ...(viewer.deploymentId === null ? [] : [viewer.deploymentId]),
      ]);
    case 'partner':
      return JSON.stringify([viewer.audience, viewer.subject, viewer.partnerId]);
    case 'internal':
      return JSON.stringify([viewer.audience, viewer.subject]);
    default:
      return assertNever(viewer);
  }
}

import { assertNever } from './result.js';

/** A product UI: works for one account, and when the token names one of its deployments, for that one alone. Ids are UUIDs. */
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

/**
 * The one deployment that the viewer works for, by its id in lower case; null when it works for every one of its account, or of
 * whomever it may see. A token that names one opens nothing of another: not what it has, nor what is ordered for it, nor that it
 * exists. The stores hold to it in `visibleTo` (`kernel/server/visibility`), and what an order creates is judged by it.
 */
export function namedDeployment(viewer: Viewer): string | null {
  switch (viewer.audience) {
    case 'product':
      return viewer.deploymentId?.toLowerCase() ?? null;
    case 'internal':
    case 'partner':
      return null;
    default:
      return assertNever(viewer);
  }
}

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

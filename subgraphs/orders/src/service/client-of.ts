import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';

/** Idempotency keys belong to one client: who it is, and whom it works for. */
export function clientOf(viewer: Viewer): string {
  switch (viewer.audience) {
    case 'product':
      return JSON.stringify([viewer.audience, viewer.subject, viewer.accountId]);
    case 'partner':
      return JSON.stringify([viewer.audience, viewer.subject, viewer.partnerId]);
    case 'internal':
      return JSON.stringify([viewer.audience, viewer.subject]);
    default:
      return assertNever(viewer);
  }
}

import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';

/**
 * Why a code opens nothing any more. REVOKED: somebody said so. REPLACED: a newer one was made. MOVED: the deployment went to
 * another account, and its former one still knows the code.
 */
export type CodeEnd = 'REVOKED' | 'REPLACED' | 'MOVED';

export type CodeState = 'OPEN' | 'EXPIRED' | 'REVOKED' | 'REPLACED';

/** What lets instances of one deployment activate themselves. Its text is kept nowhere. */
export interface ActivationCode {
  readonly id: string;
  readonly deploymentId: string;
  /** The SHA-256 of its text, in hex. */
  readonly hash: string;
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The license with which it was made by itself; null when somebody asked for it. */
  readonly licenseId: string | null;
  /** Audience and subject of who asked for it; `licenses` when it was made by itself. */
  readonly createdBy: string;
  readonly ended: { readonly at: Date; readonly cause: CodeEnd } | null;
}

/** How long a code that nobody gave an end to is good. */
export const usualDaysOfCode = 365;
export const mostDaysOfCode = 3_650;

const day = 24 * 60 * 60 * 1000;

/** @param validForDays 1 to `mostDaysOfCode` */
export function expiryOfCode(createdAt: Date, validForDays: number = usualDaysOfCode): Date {
  return new Date(createdAt.getTime() + validForDays * day);
}

/** How a code stands at an instant. To whom it was given a move to another account looks like a revocation. */
export function stateOfCode(
  { ended, expiresAt }: Pick<ActivationCode, 'ended' | 'expiresAt'>,
  at: Date,
): CodeState {
  if (ended !== null) return ended.cause === 'MOVED' ? 'REVOKED' : ended.cause;
  return at < expiresAt ? 'OPEN' : 'EXPIRED';
}

/** Instances activate themselves where a customer runs something of its own: a namespace of the shared service has none. */
export function hasInstances(kind: DeploymentKind): boolean {
  return kind !== 'SAAS_NAMESPACE';
}

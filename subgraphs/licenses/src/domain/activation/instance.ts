/** Why an instance holds its license no more. */
export type InstanceEnd = 'DEACTIVATED' | 'TRANSFERRED';

export type InstanceState = 'ACTIVE' | 'SILENT' | 'DEACTIVATED' | 'TRANSFERRED';

/** An instance that was activated on the license of a deployment: it takes one of the license's slots. */
export interface Instance {
  /** Ours: an instance that is activated again has another one. */
  readonly id: string;
  readonly deploymentId: string;
  /** Its own, of its own making; of those that are not ended it is there once in a deployment. */
  readonly instanceId: string;
  readonly hostName: string;
  readonly version: string;
  /** The SHA-256 of the secret by which it makes itself known, in hex. */
  readonly secretHash: string;
  readonly activationCodeId: string;
  readonly activatedAt: Date;
  /** When it last activated or synchronized itself. */
  readonly lastSeenAt: Date;
  readonly ended: { readonly at: Date; readonly cause: InstanceEnd } | null;
}

const day = 24 * 60 * 60 * 1000;

/** An instance that was not heard of for so long is silent, and its slot is free. */
export const silentAfterDays = 30;

/**
 * For so long an activated instance may use the license file that it got last: a week longer than it may be silent, so that no
 * file ends for one that comes back at the last moment, and each ends soon after its slot was given away.
 */
export const instanceFileDays = 37;

/** When an instance that is not heard of again begins to be silent. */
export function silentFrom({ lastSeenAt }: Pick<Instance, 'lastSeenAt'>): Date {
  return new Date(lastSeenAt.getTime() + silentAfterDays * day);
}

/** How an instance stands at an instant: silence comes by the clock, not by a call that happens to be made. */
export function stateOfInstance(instance: Pick<Instance, 'ended' | 'lastSeenAt'>, at: Date): InstanceState {
  if (instance.ended !== null) return instance.ended.cause;
  return at < silentFrom(instance) ? 'ACTIVE' : 'SILENT';
}

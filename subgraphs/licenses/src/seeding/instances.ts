import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { DeploymentStory } from '@fulfillment/kernel/population/story';
import { expiryOfCode, hasInstances, type ActivationCode } from '../domain/activation/activation-code.js';
import type { Instance } from '../domain/activation/instance.js';

/** What was activated of a deployment. */
export interface Activated {
  readonly codes: readonly ActivationCode[];
  readonly instances: readonly Instance[];
}

const day = 24 * 60 * 60 * 1000;

/** How long the standby of the demonstration has not been heard of: it is silent. */
const daysSilent = 45;

/**
 * An instance that is in use, and for every other deployment a standby that was forgotten. The code and the secrets are nobody's: their
 * hashes are those of no text that is known.
 * @param place counts the deployments
 */
export function activatedOf(
  { id, kind, name, subscription, registeredAt, seats }: DeploymentStory,
  place: number,
): Activated {
  if (!hasInstances(kind) || subscription?.scenario !== 'ACTIVE') return { codes: [], instances: [] };
  const codeId = derivedId('demo-activation-code', id);
  const code: ActivationCode = {
    id: codeId,
    deploymentId: id,
    hash: hashOfNothing(codeId),
    hint: codeId.slice(0, 5).toUpperCase(),
    createdAt: registeredAt,
    expiresAt: expiryOfCode(registeredAt),
    licenseId: null,
    createdBy: 'licenses',
    ended: null,
  };
  const host = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const instance = (role: 'primary' | 'standby', lastSeenAt: Date): Instance => {
    const instanceId = derivedId('demo-instance', id, role);
    return {
      id: derivedId('demo-activation', instanceId),
      deploymentId: id,
      instanceId,
      hostName: `${role}.${host}.example`,
      version: role === 'primary' ? '18.6.1' : '18.4.0',
      secretHash: hashOfNothing(instanceId),
      activationCodeId: codeId,
      activatedAt: lastSeenAt < registeredAt ? lastSeenAt : registeredAt,
      lastSeenAt,
      ended: null,
    };
  };
  const standbySeen = new Date(seats.reportedAt.getTime() - daysSilent * day);
  return {
    codes: [code],
    instances: [
      instance('primary', seats.reportedAt),
      ...(place % 2 === 0 ? [] : [instance('standby', standbySeen)]),
    ],
  };
}

/** 64 digits in hex, as an SHA-256 has. */
function hashOfNothing(id: string): string {
  return id.replaceAll('-', '').repeat(2);
}

import { hash } from 'node:crypto';

/** What a customer runs. */
export const deploymentKinds = ['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE', 'DEDICATED_TENANT'] as const;
export type DeploymentKind = (typeof deploymentKinds)[number];

/** Namespace of every derived id. Chosen once at random; to change it is to change every derived id. */
const fulfillmentNamespace = '6eb5e0e9-1aa9-4b6b-b9b8-3559f7a7d877';

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for text in the form of a UUID of any version, in either case. */
export function isUuid(text: string): boolean {
  return uuidForm.test(text);
}

/** What a reference to a row of another service resolves to: its id, or null where that cannot be one of ours. */
export function referenceById({ id }: { readonly id: string }): { id: string } | null {
  return isUuid(id) ? { id } : null;
}

/**
 * The UUID version 5 of a name in a namespace (RFC 9562, section 5.5): SHA-1 over the namespace's 16 bytes and the
 * name in UTF-8. The same two always give the same id. Throws a RangeError when the namespace is not a UUID.
 */
export function uuidV5(namespace: string, name: string): string {
  if (!isUuid(namespace)) throw new RangeError(`Not a UUID: ${namespace}`);
  const named = Buffer.concat([Buffer.from(namespace.replaceAll('-', ''), 'hex'), Buffer.from(name, 'utf8')]);
  const hex = hash('sha1', named, 'hex');
  const version = `5${hex.slice(13, 16)}`;
  const variant = `${((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)}${hex.slice(17, 20)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), version, variant, hex.slice(20, 32)].join('-');
}

/**
 * An id that comes out the same when work is repeated, for example
 * `derivedId('billing-subscription', orderActionId)` or `derivedId('grant', subjectId, objectId)`.
 * Kind and parts are kept apart, so `('a', 'b:c')` and `('a', 'b', 'c')` differ.
 */
export function derivedId(kind: string, ...parts: readonly (string | number)[]): string {
  return uuidV5(fulfillmentNamespace, JSON.stringify([kind, ...parts]));
}

/** The id of a step of an order, for one of its subscriptions or, without one, for the whole order. */
export function fulfillmentStepId(step: {
  readonly orderId: string;
  readonly subscriptionId: string | null;
  readonly kind: string;
}): string {
  const { orderId, subscriptionId, kind } = step;
  return derivedId('fulfillment-step', orderId, ...(subscriptionId === null ? [] : [subscriptionId]), kind);
}

/** The id of a deployment, the same in every service. `externalId` is the id that the customer knows, as it is written. */
export function deploymentId(kind: DeploymentKind, externalId: string): string {
  return derivedId('deployment', kind, externalId);
}

import { z } from 'zod';

const day = z.iso.date();
const instant = z.iso.datetime();
const count = z.number().int().nonnegative();

const feature = z.strictObject({
  /** The feature's key, for example `ci_minutes`. */
  key: z.string().min(1),
  kind: z.enum(['ON_OFF', 'LIMIT', 'METERED_ALLOWANCE']),
  /** A limit or an allowance: how much; null for no limit, and for what is only on or off. */
  quantity: count.nullable(),
});

/** What a license file says. Every instant is UTC; a day begins at 00:00 UTC. */
export const licenseFileContent = z.strictObject({
  /** Of this document's form; another form has another number. */
  format: z.literal(1),
  /** This very file: a license may be written into many. */
  file: z.strictObject({
    id: z.uuid(),
    issuedAt: instant,
    /** From then on a newer file is needed, whatever the license says; null: the file lasts as long as its license. */
    expiresAt: instant.nullable(),
  }),
  license: z.strictObject({
    id: z.uuid(),
    planCode: z.string().min(1),
    seats: count,
    trial: z.boolean(),
    /** The first day on which it is valid. */
    startsOn: day,
    /** The first day on which it is no longer valid: it holds through 23:59:59 UTC of the day before. */
    endsOn: day,
    issuedAt: instant,
  }),
  deployment: z.strictObject({
    id: z.uuid(),
    kind: z.enum(['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE', 'DEDICATED_TENANT']),
    externalId: z.string().min(1),
  }),
  /** The one instance that may use it; null: any instance of the deployment. */
  instanceId: z.string().min(1).nullable(),
  notices: z.strictObject({
    /** From this day on administrators are told that the license ends. */
    administratorsFrom: day,
    /** From this day on all users are told. */
    usersFrom: day,
    /** From this day on nothing can be changed any more. */
    changesBlockedFrom: day,
  }),
  restrictions: z.strictObject({
    /** The most billable users that may be active at a time; null: more are counted, not refused. */
    userLimit: count.nullable(),
    /** True when the instance must send reports of its use. */
    reportsUsage: z.boolean(),
  }),
  features: z.array(feature),
});

export type LicenseFileContent = z.infer<typeof licenseFileContent>;

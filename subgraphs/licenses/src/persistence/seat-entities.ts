import { EntitySchema } from 'typeorm';

/** Every table of a deployment refers to it by a key of this name. */
function ofDeployment(name: string) {
  return { name, target: 'Deployment', columnNames: ['deploymentId'], referencedColumnNames: ['id'] };
}

export interface SeatSampleRow {
  deploymentId: string;
  /** Empty for the deployment as a whole. */
  instanceId: string;
  takenAt: Date;
  members: number;
  guests: number;
  recordedAt: Date;
}

/** What was reported, each instance and moment once. */
export const seatSampleEntity = new EntitySchema<SeatSampleRow>({
  name: 'SeatSample',
  tableName: 'seat_sample',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    instanceId: { type: 'text', name: 'instance_id', primary: true },
    takenAt: { type: 'timestamptz', name: 'taken_at', primary: true },
    members: { type: 'integer' },
    guests: { type: 'integer' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at' },
  },
  foreignKeys: [ofDeployment('seat_sample_deployment')],
  checks: [{ name: 'seat_sample_not_negative', expression: '"members" >= 0 AND "guests" >= 0' }],
});

export interface SeatDayRow {
  deploymentId: string;
  day: string;
  members: number;
  withGuests: number;
}

/** The highest counts of each day (UTC), made from the samples as they come. */
export const seatDayEntity = new EntitySchema<SeatDayRow>({
  name: 'SeatDay',
  tableName: 'seat_day',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    day: { type: 'date', primary: true },
    members: { type: 'integer' },
    withGuests: { type: 'integer', name: 'with_guests' },
  },
  foreignKeys: [ofDeployment('seat_day_deployment')],
});

export interface SeatNewestRow {
  deploymentId: string;
  instanceId: string;
  takenAt: Date;
  members: number;
  withGuests: number;
  endedAt: Date | null;
}

/** The newest sample of each instance, made from the samples as they come, and when it was taken out of use. */
export const seatNewestEntity = new EntitySchema<SeatNewestRow>({
  name: 'SeatNewest',
  tableName: 'seat_newest',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    instanceId: { type: 'text', name: 'instance_id', primary: true },
    takenAt: { type: 'timestamptz', name: 'taken_at' },
    members: { type: 'integer' },
    withGuests: { type: 'integer', name: 'with_guests' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
  foreignKeys: [ofDeployment('seat_newest_deployment')],
});

export interface SeatMaximumRow {
  deploymentId: string;
  since: string;
  users: number;
  toldOn: string;
}

/** The historical maxima that instances told of, each number and beginning once. */
export const seatMaximumEntity = new EntitySchema<SeatMaximumRow>({
  name: 'SeatMaximum',
  tableName: 'seat_maximum',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    since: { type: 'date', primary: true },
    users: { type: 'integer', primary: true },
    toldOn: { type: 'date', name: 'told_on' },
  },
  foreignKeys: [ofDeployment('seat_maximum_deployment')],
});

export interface SeatUsageRow {
  deploymentId: string;
  used: number;
  maximum: number;
  maximumSince: string;
  reportedAt: Date;
  /** Counts what is told of it, from 1. */
  version: number;
  subscriptionId: string | null;
  planCode: string;
  purchased: number;
  overage: number;
  holdsUntil: Date | null;
  /** What was told of it last (`asTold`), as JSON; null for one that was told before this was kept. */
  told?: string | null;
}

/** What the samples come to under the subscription in force, made anew with each change of either. */
export const seatUsageEntity = new EntitySchema<SeatUsageRow>({
  name: 'SeatUsage',
  tableName: 'seat_usage',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    used: { type: 'integer' },
    maximum: { type: 'integer' },
    maximumSince: { type: 'date', name: 'maximum_since' },
    reportedAt: { type: 'timestamptz', name: 'reported_at' },
    version: { type: 'integer', default: 1 },
    subscriptionId: { type: 'uuid', name: 'subscription_id', nullable: true },
    planCode: { type: 'text', name: 'plan_code', default: 'FREE' },
    purchased: { type: 'integer', default: 0 },
    overage: { type: 'integer', default: 0 },
    holdsUntil: { type: 'timestamptz', name: 'holds_until', nullable: true },
    told: { type: 'text', nullable: true, select: false },
  },
  indices: [
    { name: 'seat_usage_over', columns: ['overage', 'deploymentId'], where: 'overage > 0' },
    { name: 'seat_usage_until', columns: ['holdsUntil'], where: 'holds_until IS NOT NULL' },
  ],
  foreignKeys: [ofDeployment('seat_usage_deployment')],
  checks: [{ name: 'seat_usage_not_negative', expression: '"used" >= 0 AND "maximum" >= 0' }],
});

/** The tables of seats. */
export const seatEntities = [
  seatSampleEntity,
  seatDayEntity,
  seatNewestEntity,
  seatMaximumEntity,
  seatUsageEntity,
];

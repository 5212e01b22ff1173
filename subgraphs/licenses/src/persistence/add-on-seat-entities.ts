import { EntitySchema } from 'typeorm';

/** Every table of a deployment refers to it by a key of this name. */
function ofDeployment(name: string) {
  return { name, target: 'Deployment', columnNames: ['deploymentId'], referencedColumnNames: ['id'] };
}

interface AddOnPoolRow {
  deploymentId: string;
  productCode: string;
  assigned: number;
  version: number;
}

/** How many users have a seat of an add-on. Whoever changes that locks the row. */
const addOnPoolEntity = new EntitySchema<AddOnPoolRow>({
  name: 'AddOnPool',
  tableName: 'add_on_pool',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    productCode: { type: 'text', name: 'product_code', primary: true },
    assigned: { type: 'integer' },
    version: { type: 'integer' },
  },
  foreignKeys: [ofDeployment('add_on_pool_deployment')],
  checks: [{ name: 'add_on_pool_not_negative', expression: '"assigned" >= 0' }],
});

export interface AddOnSeatRow {
  id: string;
  deploymentId: string;
  productCode: string;
  userId: string;
  assignedAt: Date;
  assignedBy: string;
}

/** Who has a seat of which add-on. */
const addOnSeatEntity = new EntitySchema<AddOnSeatRow>({
  name: 'AddOnSeat',
  tableName: 'add_on_seat',
  columns: {
    id: { type: 'uuid', primary: true },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    productCode: { type: 'text', name: 'product_code' },
    userId: { type: 'text', name: 'user_id' },
    assignedAt: { type: 'timestamptz', name: 'assigned_at' },
    assignedBy: { type: 'text', name: 'assigned_by' },
  },
  indices: [{ name: 'add_on_seat_user', columns: ['deploymentId', 'productCode', 'userId'], unique: true }],
  foreignKeys: [ofDeployment('add_on_seat_deployment')],
});

export interface AddOnSeatChangeRow {
  id: string;
  deploymentId: string;
  productCode: string;
  userId: string;
  kind: string;
  at: Date;
  by: string;
}

/** Every seat that was assigned or taken back, by whom and when. */
const addOnSeatChangeEntity = new EntitySchema<AddOnSeatChangeRow>({
  name: 'AddOnSeatChange',
  tableName: 'add_on_seat_change',
  columns: {
    id: { type: 'uuid', primary: true },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    productCode: { type: 'text', name: 'product_code' },
    userId: { type: 'text', name: 'user_id' },
    kind: { type: 'text' },
    at: { type: 'timestamptz' },
    by: { type: 'text' },
  },
  indices: [{ name: 'add_on_seat_change_by_deployment', columns: ['deploymentId', 'at'] }],
  foreignKeys: [ofDeployment('add_on_seat_change_deployment')],
  checks: [{ name: 'add_on_seat_change_kind', expression: `"kind" IN ('ASSIGNED', 'UNASSIGNED')` }],
});

/** The tables of add-on seats. */
export const addOnSeatEntities = [addOnPoolEntity, addOnSeatEntity, addOnSeatChangeEntity];

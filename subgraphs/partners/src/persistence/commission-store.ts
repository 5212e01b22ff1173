import type { EntityManager } from 'typeorm';
import type { CommissionStore } from '../service/unit-of-work.js';
import { commissionEntity } from './entities.js';
import { commissionToRow } from './rows.js';

export function createCommissionStore(manager: EntityManager): CommissionStore {
  return {
    async add(commission) {
      await manager
        .createQueryBuilder()
        .insert()
        .into(commissionEntity)
        .values(commissionToRow(commission))
        .orIgnore()
        .execute();
    },
  };
}

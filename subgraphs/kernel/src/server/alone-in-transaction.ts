import type { EntityManager } from 'typeorm';

/**
 * Does work in a transaction that has begun. Once the work has failed, what it had under way beside may not go on: its next
 * statement would run after the rollback, outside of any transaction, and stay.
 */
export async function aloneInTransaction<T>(manager: EntityManager, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    refuseStatements(manager);
    throw error;
  }
}

function refuseStatements({ queryRunner }: EntityManager): void {
  if (queryRunner === undefined) return;
  const run = queryRunner.query.bind(queryRunner);
  queryRunner.query = (statement: string, ...rest: never[]) =>
    statement === 'ROLLBACK'
      ? run(statement, ...rest)
      : Promise.reject(new Error('The transaction has failed, and takes no more statements'));
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last count of an instance that is silent is no use of now: what is kept holds until the next instance falls silent. */
export class SilentSeats1764000010020 implements MigrationInterface {
  name = 'SilentSeats1764000010020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE seat_usage AS u SET holds_until = LEAST(u.holds_until, s.silent_from)
      FROM (
        SELECT n.deployment_id, min(GREATEST(i.last_seen_at, n.taken_at)) + interval '30 days' AS silent_from
        FROM seat_newest AS n
        JOIN instance AS i
          ON i.deployment_id = n.deployment_id AND i.instance_id = n.instance_id AND i.ended_at IS NULL
        GROUP BY n.deployment_id) AS s
      WHERE s.deployment_id = u.deployment_id
    `);
  }

  async down(): Promise<void> {
    // An instant that is too early has the use worked out once more, and no more than that.
  }
}

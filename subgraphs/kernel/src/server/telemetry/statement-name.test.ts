import { describe, expect, it } from 'vitest';
import { createStatementNames } from './statement-name.js';

const nameOf = createStatementNames(new Set(['invoice', 'invoice_line', 'outbox']));

describe('the name of a statement', () => {
  it.each([
    ['SELECT id FROM invoice WHERE number = $1', 'SELECT invoice'],
    ['\n  select "i"."id" from "invoice" "i" left join "invoice_line" "l" on true', 'SELECT invoice'],
    ['SELECT id FROM "public"."invoice"', 'SELECT invoice'],
    ['INSERT INTO outbox (id) SELECT id FROM jsonb_to_recordset($1) AS event (id uuid)', 'INSERT outbox'],
    ['UPDATE invoice SET status = $1', 'UPDATE invoice'],
    ['DELETE FROM "invoice_line" USING invoice WHERE true', 'DELETE invoice_line'],
    ['WITH due AS (SELECT id FROM invoice FOR UPDATE SKIP LOCKED) SELECT id FROM due', 'WITH invoice'],
    ['SELECT extract(epoch FROM now()) FROM outbox', 'SELECT outbox'],
    ['SELECT 1', 'SELECT'],
    ['START TRANSACTION', 'START'],
    ['COMMIT', 'COMMIT'],
    ["NOTIFY changes, 'secret'", 'OTHER'],
    ["SELECT 'secret' FROM secret", 'SELECT'],
    ['', 'OTHER'],
  ])('of %j is %s', (text, summary) => {
    expect(nameOf(text).summary).toBe(summary);
    expect(nameOf(text)).toBe(nameOf(text));
  });

  it('stays right when there are more texts than it remembers', () => {
    for (let count = 1; count <= 2_500; count++) {
      expect(nameOf(`SELECT id FROM invoice WHERE id IN (${'$1,'.repeat(count)})`).summary).toBe(
        'SELECT invoice',
      );
    }
  });
});

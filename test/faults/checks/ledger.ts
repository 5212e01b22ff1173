import { type Check, noRows } from './check.js';

/** The database refuses an unbalanced entry by itself; here it is counted all the same. */
const entriesBalance: Check = noRows(
  'every entry of the ledger balances',
  'subscriptions',
  `SELECT format('%s %s is off by %s', entry.kind, entry.cause_id, coalesce(sum(posting.amount_minor), 0)) AS violation
   FROM ledger_entry AS entry LEFT JOIN ledger_posting AS posting ON posting.entry_id = entry.id
   GROUP BY entry.id HAVING count(posting) < 2 OR sum(posting.amount_minor) <> 0`,
);

/** The sum over all accounts of the ledger, as a trial balance shows it. */
const booksBalance: Check = noRows(
  'the ledger balances for each legal entity and currency',
  'subscriptions',
  `SELECT format('%s in %s is off by %s', legal_entity_code, currency, sum(amount_minor)) AS violation
   FROM ledger_entry AS entry JOIN ledger_posting AS posting ON posting.entry_id = entry.id
   GROUP BY legal_entity_code, currency HAVING sum(amount_minor) <> 0`,
);

interface Booked {
  readonly table: 'invoice' | 'credit_memo' | 'payment';
  readonly kind: string;
  readonly account: string;
  /** What must stand on that account of the ledger, as SQL of the document. */
  readonly amount: string;
}

const booked: readonly Booked[] = [
  { table: 'invoice', kind: 'INVOICE_POSTED', account: 'RECEIVABLES', amount: 'total_minor' },
  { table: 'credit_memo', kind: 'CREDIT_MEMO_POSTED', account: 'ACCOUNT_CREDIT', amount: '-total_minor' },
  { table: 'payment', kind: 'PAYMENT_RECEIVED', account: 'CASH', amount: 'amount_minor' },
];

/** A document without its entry, with another amount, or an entry without its document. */
const documentsAreBooked: readonly Check[] = booked.map(({ table, kind, account, amount }) =>
  noRows(
    `every ${table} is booked once, with its amount`,
    'subscriptions',
    `SELECT format('%s of %s stands with %s', coalesce(document.id::text, books.cause_id), document.amount, books.amount)
              AS violation
     FROM (SELECT id, ${amount} AS amount FROM ${table} WHERE ${amount} <> 0) AS document
     FULL JOIN (
       SELECT entry.cause_id, sum(posting.amount_minor) AS amount
       FROM ledger_entry AS entry
       LEFT JOIN ledger_posting AS posting ON posting.entry_id = entry.id AND posting.ledger_account = '${account}'
       WHERE entry.kind = '${kind}' GROUP BY entry.id
     ) AS books ON books.cause_id = document.id::text
     WHERE document.amount IS DISTINCT FROM books.amount`,
  ),
);

/** Both sides are read whole: the services share no database. */
const commissionsAreBooked: Check = {
  name: 'every commission is booked once, with its amount',
  async violations({ partners, subscriptions }) {
    const earned = await partners.query<{ id: string; minor: string }>(
      'SELECT id, amount_minor::text AS minor FROM commission WHERE amount_minor <> 0',
    );
    const booked = await subscriptions.query<{ id: string; minor: string }>(
      `SELECT entry.cause_id AS id, posting.amount_minor::text AS minor
       FROM ledger_entry AS entry JOIN ledger_posting AS posting ON posting.entry_id = entry.id
       WHERE entry.kind = 'COMMISSION_EARNED' AND posting.ledger_account = 'COMMISSION_EXPENSE'`,
    );
    const expected = new Map(earned.rows.map(({ id, minor }) => [id, minor]));
    const found = new Map(booked.rows.map(({ id, minor }) => [id, minor]));
    return [...new Set([...expected.keys(), ...found.keys()])]
      .filter((id) => expected.get(id) !== found.get(id))
      .map(
        (id) =>
          `commission ${id} of ${expected.get(id) ?? 'nothing'} is booked with ${found.get(id) ?? 'nothing'}`,
      );
  },
};

/** What every document and the whole of the books must come to. */
export const ledgerBalances: readonly Check[] = [
  entriesBalance,
  booksBalance,
  ...documentsAreBooked,
  commissionsAreBooked,
];

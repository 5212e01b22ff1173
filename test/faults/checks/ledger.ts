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

/** What every document and the whole of the books must come to. */
export const ledgerBalances: readonly Check[] = [entriesBalance, booksBalance, ...documentsAreBooked];

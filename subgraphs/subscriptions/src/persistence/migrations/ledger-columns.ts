/** Credit memos, account credit, refunds, attempts to collect, write-offs, adjustments and dunning. */
export const documentTables = `
  CREATE TABLE credit_memo (
    id uuid NOT NULL,
    number text NOT NULL,
    legal_entity_code text NOT NULL,
    sequence_number bigint NOT NULL,
    invoice_owner_account_id uuid NOT NULL,
    billing_time_zone text NOT NULL,
    order_id uuid,
    voids_invoice_id uuid,
    currency text NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    posted_at timestamptz NOT NULL,
    issued_on date NOT NULL,
    CONSTRAINT credit_memo_pkey PRIMARY KEY (id),
    CONSTRAINT credit_memo_voids_invoice_fkey FOREIGN KEY (voids_invoice_id) REFERENCES invoice (id),
    CONSTRAINT credit_memo_positive CHECK (total_minor > 0)
  );
  CREATE UNIQUE INDEX credit_memo_number_key ON credit_memo (number);
  CREATE UNIQUE INDEX credit_memo_sequence ON credit_memo (legal_entity_code, sequence_number);
  CREATE INDEX credit_memo_owner ON credit_memo (invoice_owner_account_id);
  CREATE UNIQUE INDEX credit_memo_order ON credit_memo (order_id, invoice_owner_account_id);
  CREATE UNIQUE INDEX credit_memo_voids ON credit_memo (voids_invoice_id);

  CREATE TABLE credit_memo_line (
    credit_memo_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    subscription_id uuid NOT NULL,
    product_code text NOT NULL,
    description text NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric NOT NULL,
    price_period text NOT NULL,
    service_start date NOT NULL,
    service_end date NOT NULL,
    proration_ratio numeric NOT NULL,
    proration_policy text NOT NULL,
    amount_minor bigint NOT NULL,
    tax_rate numeric NOT NULL,
    tax_jurisdiction text NOT NULL,
    tax_reason text NOT NULL,
    tax_minor bigint NOT NULL,
    CONSTRAINT credit_memo_line_pkey PRIMARY KEY (credit_memo_id, position),
    CONSTRAINT credit_memo_line_credit_memo_fkey FOREIGN KEY (credit_memo_id) REFERENCES credit_memo (id)
  );
  CREATE INDEX credit_memo_line_subscription ON credit_memo_line (subscription_id);

  CREATE TABLE credit_memo_number (
    legal_entity_code text NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT credit_memo_number_pkey PRIMARY KEY (legal_entity_code)
  );

  CREATE TABLE account_credit (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    legal_entity_code text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    source text NOT NULL,
    source_id uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    CONSTRAINT account_credit_pkey PRIMARY KEY (id),
    CONSTRAINT account_credit_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX account_credit_account ON account_credit (account_id);
  CREATE UNIQUE INDEX account_credit_source ON account_credit (source, source_id);

  CREATE TABLE refund (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    from_credit_minor bigint NOT NULL,
    refunded_at timestamptz NOT NULL,
    reference text NOT NULL,
    CONSTRAINT refund_pkey PRIMARY KEY (id),
    CONSTRAINT refund_payment_fkey FOREIGN KEY (payment_id) REFERENCES payment (id),
    CONSTRAINT refund_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX refund_payment ON refund (payment_id);

  CREATE TABLE account_credit_use (
    id uuid NOT NULL,
    credit_id uuid NOT NULL,
    invoice_id uuid,
    refund_id uuid,
    amount_minor bigint NOT NULL,
    used_at timestamptz NOT NULL,
    CONSTRAINT account_credit_use_pkey PRIMARY KEY (id),
    CONSTRAINT account_credit_use_credit_fkey FOREIGN KEY (credit_id) REFERENCES account_credit (id),
    CONSTRAINT account_credit_use_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id),
    CONSTRAINT account_credit_use_refund_fkey FOREIGN KEY (refund_id) REFERENCES refund (id),
    CONSTRAINT account_credit_use_positive CHECK (amount_minor > 0),
    CONSTRAINT account_credit_use_purpose CHECK ((invoice_id IS NULL) <> (refund_id IS NULL))
  );
  CREATE INDEX account_credit_use_credit ON account_credit_use (credit_id);
  CREATE INDEX account_credit_use_invoice ON account_credit_use (invoice_id);

  CREATE TABLE payment_attempt (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    payment_method_token text NOT NULL,
    started_at timestamptz NOT NULL,
    CONSTRAINT payment_attempt_pkey PRIMARY KEY (id),
    CONSTRAINT payment_attempt_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id),
    CONSTRAINT payment_attempt_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX payment_attempt_invoice ON payment_attempt (invoice_id);

  CREATE TABLE payment_attempt_outcome (
    attempt_id uuid NOT NULL,
    status text NOT NULL,
    detail text NOT NULL,
    settled_at timestamptz NOT NULL,
    CONSTRAINT payment_attempt_outcome_pkey PRIMARY KEY (attempt_id),
    CONSTRAINT payment_attempt_outcome_attempt_fkey FOREIGN KEY (attempt_id) REFERENCES payment_attempt (id)
  );

  CREATE TABLE write_off (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    reason text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    CONSTRAINT write_off_pkey PRIMARY KEY (id),
    CONSTRAINT write_off_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id),
    CONSTRAINT write_off_positive CHECK (amount_minor > 0)
  );
  CREATE INDEX write_off_invoice ON write_off (invoice_id);

  CREATE TABLE adjustment (
    id uuid NOT NULL,
    legal_entity_code text NOT NULL,
    currency text NOT NULL,
    debit text NOT NULL,
    credit text NOT NULL,
    amount_minor bigint NOT NULL,
    booked_on date NOT NULL,
    reason text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    CONSTRAINT adjustment_pkey PRIMARY KEY (id),
    CONSTRAINT adjustment_positive CHECK (amount_minor > 0)
  );

  CREATE TABLE approval (
    request_id uuid NOT NULL,
    requested_by text NOT NULL,
    approved_by text NOT NULL,
    approved_at timestamptz NOT NULL,
    CONSTRAINT approval_pkey PRIMARY KEY (request_id),
    CONSTRAINT approval_second_person CHECK (approved_by <> requested_by)
  );

  CREATE TABLE dunning_step (
    invoice_id uuid NOT NULL,
    step text NOT NULL,
    taken_on date NOT NULL,
    taken_at timestamptz NOT NULL,
    CONSTRAINT dunning_step_pkey PRIMARY KEY (invoice_id, step),
    CONSTRAINT dunning_step_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoice (id)
  );
`;

/** The ledger, its periods and its schedules. */
export const ledgerTables = `
  CREATE TABLE ledger_entry (
    id uuid NOT NULL,
    kind text NOT NULL,
    cause_id text NOT NULL,
    legal_entity_code text NOT NULL,
    currency text NOT NULL,
    booked_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    account_id uuid,
    invoice_id uuid,
    CONSTRAINT ledger_entry_pkey PRIMARY KEY (id)
  );
  CREATE UNIQUE INDEX ledger_entry_cause ON ledger_entry (kind, cause_id);
  CREATE INDEX ledger_entry_books ON ledger_entry (legal_entity_code, currency, booked_on);
  CREATE INDEX ledger_entry_account ON ledger_entry (account_id) WHERE account_id IS NOT NULL;
  CREATE INDEX ledger_entry_invoice ON ledger_entry (invoice_id) WHERE invoice_id IS NOT NULL;

  CREATE TABLE ledger_posting (
    entry_id uuid NOT NULL,
    ledger_account text NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT ledger_posting_pkey PRIMARY KEY (entry_id, ledger_account),
    CONSTRAINT ledger_posting_entry_fkey FOREIGN KEY (entry_id) REFERENCES ledger_entry (id),
    CONSTRAINT ledger_posting_moves CHECK (amount_minor <> 0)
  );

  CREATE TABLE accounting_period (
    legal_entity_code text NOT NULL,
    month date NOT NULL,
    closed_at timestamptz NOT NULL,
    closed_by text NOT NULL,
    CONSTRAINT accounting_period_pkey PRIMARY KEY (legal_entity_code, month),
    CONSTRAINT accounting_period_first_day CHECK (EXTRACT(day FROM month) = 1)
  );

  CREATE TABLE revenue_schedule (
    document_id uuid NOT NULL,
    position integer NOT NULL,
    subscription_id uuid NOT NULL,
    books_code text NOT NULL,
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    service_start date NOT NULL,
    service_end date NOT NULL,
    recognized_from date NOT NULL,
    recognized_until date NOT NULL,
    CONSTRAINT revenue_schedule_pkey PRIMARY KEY (document_id, position)
  );
  CREATE INDEX revenue_schedule_books ON revenue_schedule (books_code, currency, recognized_until);

  CREATE TABLE recognized_day (
    books_code text NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT recognized_day_pkey PRIMARY KEY (books_code, currency, day)
  );
`;

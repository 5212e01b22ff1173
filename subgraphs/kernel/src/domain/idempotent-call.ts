/** A call that is carried out once for its key. */
export interface IdempotentCall {
  /** Whose key it is: keys of different clients never meet. */
  readonly client: string;
  /** The mutation's name. */
  readonly mutation: string;
  readonly key: string;
  /** The whole input but the key; equal inputs make equal JSON, whatever the order of their fields. */
  readonly input: unknown;
}

export type IdempotencyRefusal = 'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_CONFLICT';

export type IdempotentAnswer<Answer> =
  | { readonly kind: 'ANSWERED'; readonly answer: Answer; readonly repeated: boolean }
  | { readonly kind: 'REFUSED'; readonly reason: IdempotencyRefusal };

/** What is due for one subscription cannot be done: it is set aside, and does not keep others from theirs. */
export class DueWorkError extends Error {
  override readonly name = 'DueWorkError';
  constructor(
    readonly subscriptionId: string,
    cause: unknown,
  ) {
    super(`What is due for subscription ${subscriptionId} cannot be done`, { cause });
  }
}

/** A draft cannot be posted or made anew: it is set aside, and does not keep others from theirs. */
export class DueDraftError extends Error {
  override readonly name = 'DueDraftError';
  constructor(
    readonly invoiceId: string,
    cause: unknown,
  ) {
    super(`Draft invoice ${invoiceId} cannot be posted or made anew`, { cause });
  }
}

/** An order whose day has come cannot be carried out: it is set aside, and does not keep others from theirs. */
export class DueOrderError extends Error {
  override readonly name = 'DueOrderError';
  constructor(
    readonly orderId: string,
    cause: unknown,
  ) {
    super(`Order ${orderId}, whose day has come, cannot be carried out`, { cause });
  }
}

/** Input that cannot be worked with, whoever sent it. The GraphQL edge turns it into an error with this code. */
export class InputError extends Error {
  override name = 'InputError';

  /**
   * @param code from the catalog, for example `PAGE_SIZE_INVALID`
   * @param field path of the argument or input field, for example `first`
   * @param message what is wrong and how to mend it
   */
  constructor(
    readonly code: InputErrorCode,
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** The catalog of what can be wrong with a request before any business rule is asked. */
export const inputErrorCodes = {
  CURSOR_INVALID: 'The cursor was not given out by this list with this order.',
  PAGE_SIZE_INVALID: '`first` or `last` is not from 1 to 100.',
  PAGE_ARGUMENTS_CONFLICT: '`first`/`after` and `last`/`before` were mixed.',
  ID_INVALID: 'The id is not a UUID.',
  ARGUMENT_INVALID: 'An argument is outside what is allowed.',
} as const;

export type InputErrorCode = keyof typeof inputErrorCodes;

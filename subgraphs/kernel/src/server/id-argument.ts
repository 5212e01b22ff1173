import { isUuid } from '../domain/ids.js';
import { InputError } from './input-error.js';

/**
 * An id that a client gives as an argument, in the form in which ids are stored.
 * @param field path of the argument or input field, for example `filter.partnerId`
 * @throws InputError ID_INVALID
 */
export function readId(field: string, id: string): string {
  if (isUuid(id)) return id.toLowerCase();
  throw new InputError(
    'ID_INVALID',
    field,
    `\`${field}\` must be a UUID; take it from the object's own \`id\`.`,
  );
}

/** As `readId`, where nothing may be given: then null. */
export function readOptionalId(field: string, id: string | null | undefined): string | null {
  return id == null ? null : readId(field, id);
}

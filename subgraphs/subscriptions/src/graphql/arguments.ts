import { isUuid } from '@fulfillment/kernel/domain/ids';
import { InputError } from '@fulfillment/kernel/server/input-error';

/** An id from a client in the form in which ids are stored. Throws an InputError. */
export function checkedId(id: string, field: string): string {
  if (isUuid(id)) return id.toLowerCase();
  throw new InputError(
    'ID_INVALID',
    field,
    `\`${field}\` is not a UUID; take it from the object's own \`id\`.`,
  );
}

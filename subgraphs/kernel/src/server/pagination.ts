import { InputError } from './input-error.js';

/** A client's paging arguments, as GraphQL gives them. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** A checked page: `size` rows in one direction from a place in the list. */
export interface Page {
  readonly size: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  /** The place to go on from: the sort key as text and the row's id. */
  readonly from: Cursor | null;
}

/** A place in a list: the sort it belongs to, the sort key's text form and the id that makes it unique. */
export interface Cursor {
  readonly sort: string;
  readonly key: string;
  readonly id: string;
}

const defaultSize = 20;
const maximumSize = 100;

/**
 * Checks paging arguments; 20 rows from the start when nothing is given.
 * @param sort the list's order; a cursor of another order is refused
 * @throws InputError PAGE_SIZE_INVALID, PAGE_ARGUMENTS_CONFLICT, CURSOR_INVALID
 */
export function parsePage(input: PageArguments, sort: string): Page {
  const forward = input.first != null || input.after != null;
  const backward = input.last != null || input.before != null;
  if (forward && backward) {
    throw new InputError(
      'PAGE_ARGUMENTS_CONFLICT',
      'first',
      'Give `first` with `after`, or `last` with `before`, not both.',
    );
  }
  return backward
    ? { size: size('last', input.last), direction: 'BACKWARD', from: cursor('before', input.before, sort) }
    : { size: size('first', input.first), direction: 'FORWARD', from: cursor('after', input.after, sort) };
}

function size(field: 'first' | 'last', value: number | null | undefined): number {
  if (value == null) return defaultSize;
  if (value < 1 || value > maximumSize) {
    throw new InputError(
      'PAGE_SIZE_INVALID',
      field,
      `\`${field}\` must be from 1 to ${maximumSize}; it is ${value}.`,
    );
  }
  return value;
}

function cursor(field: 'after' | 'before', text: string | null | undefined, sort: string): Cursor | null {
  if (text == null) return null;
  const decoded = decodeCursor(text);
  if (decoded?.sort === sort) return decoded;
  throw new InputError(
    'CURSOR_INVALID',
    field,
    `\`${field}\` is not a cursor of this list in this order; take it from \`pageInfo\` or an edge, or leave it out.`,
  );
}

/** The opaque text of a cursor. */
export function encodeCursor(place: Cursor): string {
  return Buffer.from(JSON.stringify([place.sort, place.key, place.id])).toString('base64url');
}

function decodeCursor(text: string): Cursor | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== 3) return null;
    const [sort, key, id] = parts as unknown[];
    if (typeof sort !== 'string' || typeof key !== 'string' || typeof id !== 'string') return null;
    return uuid.test(id) ? { sort, key, id } : null;
  } catch {
    return null;
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

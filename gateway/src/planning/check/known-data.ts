import type { TypeNames } from './supergraph-facts.js';

/** One field that is known of objects of some types. */
export interface KnownField {
  readonly name: string;
  /** As `argumentValues` gives them. */
  readonly arguments: string;
  readonly types: Set<string>;
  readonly below: KnownData;
}

/** What the fetches of a plan brought of the objects at one place: by response key, then by field. */
export class KnownData {
  private readonly fields = new Map<string, KnownField[]>();

  at(key: string): readonly KnownField[] {
    return this.fields.get(key) ?? [];
  }

  /**
   * Notes a field of objects of these types.
   *
   * @returns what is known below it; undefined when another field of one of the types has the key already
   */
  add(key: string, name: string, values: string, types: TypeNames, below?: KnownData): KnownData | undefined {
    const known = this.fields.get(key) ?? [];
    const isSame = (field: KnownField) => field.name === name && field.arguments === values;
    if (known.some((field) => !isSame(field) && overlap(field.types, types))) return undefined;
    const same = known.find(isSame);
    if (same !== undefined && (below === undefined || below === same.below)) {
      for (const type of types) same.types.add(type);
      return same.below;
    }
    const field = { name, arguments: values, types: new Set(types), below: below ?? new KnownData() };
    this.fields.set(key, [...known, field]);
    return field.below;
  }
}

/** Objects of these types, and what is known of them. */
export interface Place {
  readonly types: TypeNames;
  readonly data: KnownData;
}

/** True when some object can be of both sets of types. */
export function overlap(one: TypeNames, other: TypeNames): boolean {
  for (const name of one) if (other.has(name)) return true;
  return false;
}

/** The types that are in both. */
export function common(one: TypeNames, other: TypeNames): TypeNames {
  return new Set([...one].filter((name) => other.has(name)));
}

/** True when the fields together are known of all these types. */
export function areKnownOf(fields: readonly KnownField[], types: TypeNames): boolean {
  return [...types].every((type) => fields.some((field) => field.types.has(type)));
}

/** A place of an object's value: its index in {@link DataObject.values}. */
export interface Slot {
  readonly index: number;
  /** Of the objects that are values here; undefined for a leaf. */
  below: Shape | undefined;
}

/**
 * The response keys that objects at one place of an answer may have, over all their types and all services. Known when
 * a plan has been compiled, so that data are lists of values and no key of a client or a service is ever a property.
 */
export class Shape {
  /** True where a later fetch adds to the objects. */
  isTarget = false;
  private readonly slots = new Map<string, Slot>();
  private readonly empty: undefined[] = [];

  /** The values of an object of which nothing came yet. */
  emptyValues(): unknown[] {
    return this.empty.slice();
  }

  find(key: string): Slot | undefined {
    return this.slots.get(key);
  }

  /** The slot of a key, made when it is not there yet. */
  slot(key: string): Slot {
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const slot: Slot = { index: this.slots.size, below: undefined };
    this.slots.set(key, slot);
    this.empty.push(undefined);
    return slot;
  }

  /** The shape of the objects under a key, made when it is not there yet. */
  below(key: string): Shape {
    const slot = this.slot(key);
    slot.below ??= new Shape();
    return slot.below;
  }
}

/** Stands for a value that a fetch should have brought and did not, which was told or is not to be told. */
export const missing = Symbol('missing');

/**
 * An object of an answer while it is put together. One of them may stand at many places: where the objects of one kind
 * are equal, so is all that is added to them, and it is added, and written, once.
 */
export class DataObject {
  /** As the services named it; an interface's name while nobody said more. */
  typename: string | undefined = undefined;
  /** True when a fetch that might have told its type brought nothing. */
  typeMissing = false;
  /** The number of the last walk that came here. */
  visited = 0;
  /** The text that this writer made of it, when it had no error to tell of. */
  writtenBy: object | undefined = undefined;
  written: string | null = null;
  /** What was counted of it then. */
  writtenCount = 0;

  /**
   * By slot: undefined where nothing was asked for, {@link missing}, a leaf as it came, a `DataObject`, null, or lists
   * of these.
   */
  constructor(readonly values: unknown[]) {}

  copy(): DataObject {
    const copy = new DataObject([...this.values]);
    copy.typename = this.typename;
    copy.typeMissing = this.typeMissing;
    return copy;
  }
}

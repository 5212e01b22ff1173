import { DataObject, missing } from './data-object.js';
import { quoted, type LeafText } from './leaf-text.js';
import type { Count } from './tally.js';
import type { WriteRun } from './write-run.js';

/** Writes a value that is neither null nor absent. Null when the answer has null there. */
export type WriteValue = (value: unknown, run: WriteRun, owner: FieldOfType) => string | null;

/** What the writer calls a field when it tells of it. */
export interface FieldOfType {
  readonly key: string;
  /** For people: `Product.price`. */
  readonly label: string;
}

/** How one field of an object is written. Null when the answer has null there. */
export interface FieldWriter extends FieldOfType {
  readonly nonNull: boolean;
  write(object: DataObject, run: WriteRun): string | null;
}

/** Writes objects of one type with what an operation selects of them, as JSON text. */
export class ObjectWriter {
  private readonly prefixes: readonly string[];

  constructor(private readonly fields: readonly FieldWriter[]) {
    this.prefixes = fields.map(({ key }, index) => `${index === 0 ? '{' : ','}${quoted(key)}:`);
  }

  /** Null when a field that may not be null is. */
  write(object: DataObject, run: WriteRun): string | null {
    const countBefore = run.count;
    if (object.writtenBy === this) {
      run.count = countBefore + object.writtenCount;
      return object.written;
    }
    const errorsBefore = run.errors.length;
    const text = this.textOf(object, run);
    if (text === null) run.count = countBefore;
    if (run.errors.length === errorsBefore) {
      object.writtenBy = this;
      object.written = text;
      object.writtenCount = run.count - countBefore;
    }
    return text;
  }

  private textOf(object: DataObject, run: WriteRun): string | null {
    const { fields, prefixes } = this;
    let text = '';
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index] as FieldWriter;
      const value = field.write(object, run);
      if (value !== null) text += (prefixes[index] as string) + value;
      else if (field.nonNull) return null;
      else text += `${prefixes[index] as string}null`;
    }
    return text === '' ? '{}' : `${text}}`;
  }
}

/** A field that the plan's services answer. */
export class DataFieldWriter implements FieldWriter {
  /**
   * @param index the slot of the value; undefined when no service is ever asked for it
   * @param isLeaf values without selections: their errors are at the field itself
   */
  constructor(
    readonly key: string,
    readonly label: string,
    readonly nonNull: boolean,
    private readonly index: number | undefined,
    private readonly isLeaf: boolean,
    private readonly writeValue: WriteValue,
  ) {}

  write(object: DataObject, run: WriteRun): string | null {
    const value = this.index === undefined ? undefined : object.values[this.index];
    if (value === undefined || value === null || value === missing) return this.absent(value, run);
    if (this.isLeaf) return this.writeValue(value, run, this);
    run.path.push(this.key);
    const text = this.writeValue(value, run, this);
    run.path.pop();
    return text;
  }

  private absent(value: null | undefined | typeof missing, run: WriteRun): null {
    if (value === undefined) run.absent(`The answer holds no value of ${this.label}.`, this.key);
    if (value === null && this.nonNull)
      run.absent(`Cannot return null for non-nullable field ${this.label}.`, this.key);
    return null;
  }
}

/** A field that this viewer may not see: null with an error. */
export class DeniedFieldWriter implements FieldWriter {
  constructor(
    readonly key: string,
    readonly label: string,
    readonly nonNull: boolean,
    private readonly message: string,
  ) {}

  write(_object: DataObject, run: WriteRun): null {
    run.denied(this.message, this.key);
    return null;
  }
}

/** `__typename` of an object whose type is known; null when only an interface is known of it. */
export class TypenameWriter implements FieldWriter {
  readonly nonNull = true;
  private readonly text: string | null;

  constructor(
    readonly key: string,
    readonly label: string,
    typename: string | null,
  ) {
    this.text = typename === null ? null : quoted(typename);
  }

  write(object: DataObject, run: WriteRun): string | null {
    if (this.text === null && !object.typeMissing)
      run.absent(`No service named the type of ${this.label}.`, this.key);
    return this.text;
  }
}

/** `__schema` and `__type`. */
export class IntrospectionWriter implements FieldWriter {
  constructor(
    readonly key: string,
    readonly label: string,
    readonly nonNull: boolean,
  ) {}

  write(_object: DataObject, run: WriteRun): string | null {
    return run.introspected.get(this.key) ?? null;
  }
}

/** A field that counts by itself, whatever its value. */
export class CountedFieldWriter implements FieldWriter {
  readonly key: string;
  readonly label: string;
  readonly nonNull: boolean;

  constructor(
    private readonly writer: FieldWriter,
    private readonly own: Count,
  ) {
    ({ key: this.key, label: this.label, nonNull: this.nonNull } = writer);
  }

  write(object: DataObject, run: WriteRun): string | null {
    run.count += typeof this.own === 'number' ? this.own : this.own(run.variables);
    return this.writer.write(object, run);
  }
}

/** Counts each value that is written. */
export function countedValueWriter(writeValue: WriteValue, each: number): WriteValue {
  return (value, run, field) => {
    const text = writeValue(value, run, field);
    if (text !== null) run.count += each;
    return text;
  };
}

/** @param atItem true below a list: the path then ends at the item already */
export function leafValueWriter(textOf: LeafText, typeName: string, atItem: boolean): WriteValue {
  return (value, run, field) => {
    const text = textOf(value);
    if (text !== undefined) return text;
    run.invalid(
      `${field.label} has a value that ${typeName} does not allow.`,
      atItem ? undefined : field.key,
    );
    return null;
  };
}

/**
 * Writes a list, each item by `writeItem`.
 * @param itemsNonNull a null item makes the whole list null
 */
export function listValueWriter(writeItem: WriteValue, itemsNonNull: boolean): WriteValue {
  return (value, run, field) => {
    if (!Array.isArray(value)) {
      run.invalid(`${field.label} is a list, and a service answered something else.`);
      return null;
    }
    if (value.length === 0) return '[]';
    let text = '';
    let hasForbiddenNull = false;
    const depth = run.path.length;
    const countBefore = run.count;
    run.path.push(0);
    for (let index = 0; index < value.length; index += 1) {
      run.path[depth] = index;
      const item: unknown = value[index];
      const written = item === null || item === undefined ? null : writeItem(item, run, field);
      if (written === null && itemsNonNull) {
        hasForbiddenNull = true;
        if (item === null) run.absent(`Cannot return null for a non-nullable item of ${field.label}.`);
      }
      text += (index === 0 ? '[' : ',') + (written ?? 'null');
    }
    run.path.length = depth;
    if (!hasForbiddenNull) return `${text}]`;
    run.count = countBefore;
    return null;
  };
}

/** @param writerOf the writer of an object by its type; null when it can have none */
export function objectValueWriter(
  writerOf: (object: DataObject, run: WriteRun, field: FieldOfType) => ObjectWriter | null,
): WriteValue {
  return (value, run, field) => {
    if (value instanceof DataObject) return writerOf(value, run, field)?.write(value, run) ?? null;
    run.invalid(`${field.label} is an object, and a service answered something else.`);
    return null;
  };
}

import type { Field, Input, Model, ModelType, OwnTags } from './model.js';

/** The coordinates (`Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`) that an audience sees. */
export type Visible = ReadonlySet<string>;

export const fieldCoordinate = (type: string, field: string): string => `${type}.${field}`;
export const argumentCoordinate = (type: string, field: string, name: string): string =>
  `${type}.${field}(${name}:)`;

const BUILT_IN = new Set(['ID', 'String', 'Int', 'Float', 'Boolean']);

type CompositeType = Extract<ModelType, { kind: 'OBJECT' | 'INTERFACE' }>;

/**
 * What an audience sees, worked out as a whole: everything that the tags allow, less whatever cannot stand, until
 * nothing more falls.
 *
 * - A field or argument falls with the type it names.
 * - An object type, interface, input type or enum falls with its last field or value, a union with its last member,
 *   an interface also with the last type that implements it.
 * - A field (or its argument) of an interface falls when a visible type that implements it hides its own.
 * - A type falls that only fallen things reach.
 *
 * Nothing comes back once it has fallen, so the result is at most too small.
 */
export function visibleElements(model: Model, audience: string): Visible {
  const visible = taggedElements(model, audience);
  let before: number;
  do {
    before = visible.size;
    settle(model, visible);
    dropUnreachable(model, visible);
    if (visible.size === before) dropUnevenInterfaces(model, visible);
  } while (visible.size < before);
  return visible;
}

/** Everything that the tags alone allow. */
function taggedElements(model: Model, audience: string): Set<string> {
  const visible = new Set<string>();
  for (const type of model.types.values()) {
    if (allowsType(type, audience)) visible.add(type.name);
    addMembers(model, type, audience, visible);
  }
  return visible;
}

/** Own tags of an object type or interface are its fields' default and do not hide the type itself. */
function allowsType(type: ModelType, audience: string): boolean {
  return type.kind === 'OBJECT' || type.kind === 'INTERFACE'
    ? type.tags !== 'HIDDEN'
    : allowsUnlessExcluded(type.tags, audience);
}

function allowsUnlessExcluded(tags: OwnTags, audience: string): boolean {
  return tags !== 'HIDDEN' && (tags.size === 0 || tags.has(audience));
}

function addMembers(model: Model, type: ModelType, audience: string, visible: Set<string>): void {
  switch (type.kind) {
    case 'OBJECT':
    case 'INTERFACE':
      for (const [name, field] of type.fields) {
        if (!allowsField(model, type, field, audience)) continue;
        visible.add(fieldCoordinate(type.name, name));
        for (const [argument, { tags }] of field.arguments) {
          if (allowsUnlessExcluded(tags, audience))
            visible.add(argumentCoordinate(type.name, name, argument));
        }
      }
      return;
    case 'INPUT':
      for (const [name, { tags }] of type.inputs) {
        if (allowsUnlessExcluded(tags, audience)) visible.add(fieldCoordinate(type.name, name));
      }
      return;
    case 'ENUM':
      for (const [name, tags] of type.values) {
        if (allowsUnlessExcluded(tags, audience)) visible.add(fieldCoordinate(type.name, name));
      }
      return;
    case 'UNION':
    case 'SCALAR':
  }
}

function allowsField(model: Model, type: CompositeType, field: Field, audience: string): boolean {
  if (field.tags === 'HIDDEN') return false;
  if (field.tags.size > 0) return field.tags.has(audience);
  return !model.roots.has(type.name) && type.tags !== 'HIDDEN' && type.tags.has(audience);
}

/** Lets fall whatever names a fallen type, and types with nothing left, until nothing more falls. */
function settle(model: Model, visible: Set<string>): void {
  let before: number;
  do {
    before = visible.size;
    for (const type of model.types.values()) {
      dropMembers(type, visible);
      if (!hasSomethingLeft(model, type, visible)) visible.delete(type.name);
    }
  } while (visible.size < before);
}

function dropMembers(type: ModelType, visible: Set<string>): void {
  const stands = (name: string) => BUILT_IN.has(name) || visible.has(name);
  if (type.kind === 'OBJECT' || type.kind === 'INTERFACE') {
    for (const [name, field] of type.fields) {
      if (!visible.has(type.name) || !stands(field.type)) visible.delete(fieldCoordinate(type.name, name));
      const gone = !visible.has(fieldCoordinate(type.name, name));
      for (const [argument, input] of field.arguments) {
        if (gone || !stands(input.type)) visible.delete(argumentCoordinate(type.name, name, argument));
      }
    }
  } else if (type.kind === 'INPUT') {
    for (const [name, input] of type.inputs) {
      if (!visible.has(type.name) || !stands(input.type)) visible.delete(fieldCoordinate(type.name, name));
    }
  } else if (type.kind === 'ENUM' && !visible.has(type.name)) {
    for (const name of type.values.keys()) visible.delete(fieldCoordinate(type.name, name));
  }
}

function hasSomethingLeft(model: Model, type: ModelType, visible: Visible): boolean {
  const someVisible = (names: Iterable<string>) =>
    [...names].some((name) => visible.has(fieldCoordinate(type.name, name)));
  switch (type.kind) {
    case 'OBJECT':
      return someVisible(type.fields.keys());
    case 'INTERFACE':
      return (
        someVisible(type.fields.keys()) &&
        implementers(model, type.name).some(({ name }) => visible.has(name))
      );
    case 'UNION':
      return type.members.some((name) => visible.has(name));
    case 'INPUT':
      return someVisible(type.inputs.keys());
    case 'ENUM':
      return someVisible(type.values.keys());
    case 'SCALAR':
      return true;
  }
}

function implementers(model: Model, interfaceName: string): CompositeType[] {
  return [...model.types.values()].filter(
    (type): type is CompositeType => type.kind === 'OBJECT' && type.interfaces.includes(interfaceName),
  );
}

/** A client may rely on what an interface promises, so what one visible type hides, the interface hides. */
function dropUnevenInterfaces(model: Model, visible: Set<string>): void {
  for (const type of model.types.values()) {
    if (type.kind !== 'INTERFACE' || !visible.has(type.name)) continue;
    const types = [...model.types.values()].filter(
      (other): other is CompositeType =>
        (other.kind === 'OBJECT' || other.kind === 'INTERFACE') &&
        other.interfaces.includes(type.name) &&
        visible.has(other.name),
    );
    for (const [name, field] of type.fields) {
      if (types.some((other) => !visible.has(fieldCoordinate(other.name, name)))) {
        visible.delete(fieldCoordinate(type.name, name));
      }
      for (const argument of field.arguments.keys()) {
        if (types.some((other) => !visible.has(argumentCoordinate(other.name, name, argument)))) {
          visible.delete(argumentCoordinate(type.name, name, argument));
        }
      }
    }
  }
}

/** Lets fall the types that no root field leads to. */
function dropUnreachable(model: Model, visible: Set<string>): void {
  const reached = new Set<string>();
  const open = [...model.roots].filter((name) => visible.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const type = model.types.get(name);
    if (reached.has(name) || !visible.has(name) || type === undefined) continue;
    reached.add(name);
    open.push(...leadsTo(model, type, visible));
  }
  for (const name of interfacesOf(model, reached)) reached.add(name);
  for (const name of model.types.keys()) if (!reached.has(name)) visible.delete(name);
}

function leadsTo(model: Model, type: ModelType, visible: Visible): string[] {
  switch (type.kind) {
    case 'OBJECT':
    case 'INTERFACE': {
      const fields = [...type.fields].filter(([name]) => visible.has(fieldCoordinate(type.name, name)));
      const possible =
        type.kind === 'INTERFACE' ? implementers(model, type.name).map(({ name }) => name) : [];
      return [
        ...possible,
        ...fields.flatMap(([name, field]) => [field.type, ...argumentTypes(type.name, name, field, visible)]),
      ];
    }
    case 'UNION':
      return [...type.members];
    case 'INPUT':
      return [...type.inputs]
        .filter(([name]) => visible.has(fieldCoordinate(type.name, name)))
        .map(([, input]) => input.type);
    case 'ENUM':
    case 'SCALAR':
      return [];
  }
}

function argumentTypes(type: string, name: string, field: Field, visible: Visible): string[] {
  return [...field.arguments]
    .filter(([argument]: [string, Input]) => visible.has(argumentCoordinate(type, name, argument)))
    .map(([, input]) => input.type);
}

/** The interfaces that reached types implement stay (a fragment may name them), without reaching anything further. */
function interfacesOf(model: Model, reached: ReadonlySet<string>): string[] {
  return [...reached].flatMap((name) => {
    const type = model.types.get(name);
    return type?.kind === 'OBJECT' || type?.kind === 'INTERFACE' ? [...type.interfaces] : [];
  });
}

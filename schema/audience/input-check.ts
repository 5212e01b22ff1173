import { Kind, type ValueNode } from 'graphql';
import type { Input, Model, ModelType } from './model.js';
import { argumentCoordinate, fieldCoordinate, type Visible } from './visibility.js';

/** The tags hide from an audience what a call of a visible field needs: every such place. */
export class AudienceCompositionFailed extends Error {
  constructor(
    readonly audience: string,
    readonly reasons: readonly string[],
  ) {
    super(
      `The schema for the audience "${audience}" does not hold together:\n` +
        reasons.map((reason) => `- ${reason}`).join('\n'),
    );
    this.name = 'AudienceCompositionFailed';
  }
}

/**
 * Refuses what would leave a visible field that cannot be called: a required argument or input field that is hidden,
 * an argument whose type has nothing visible left, a default that names something hidden.
 *
 * @throws AudienceCompositionFailed
 */
export function checkInputs(model: Model, visible: Visible, audience: string): void {
  const reasons: string[] = [];
  if (!visible.has(model.queryRoot)) {
    reasons.push(`${model.queryRoot}: no root field is tagged for this audience`);
  }
  for (const type of model.types.values()) {
    if (!visible.has(type.name)) continue;
    for (const [coordinate, input] of inputsOf(type, visible)) {
      const reason = visible.has(coordinate)
        ? hiddenDefault(model, visible, input)
        : wronglyHidden(model, visible, audience, input);
      if (reason !== undefined) reasons.push(`${coordinate}: ${reason}`);
    }
  }
  if (reasons.length > 0) throw new AudienceCompositionFailed(audience, reasons);
}

/** The arguments of the visible fields of a type, or the fields of an input type, by coordinate. */
function inputsOf(type: ModelType, visible: Visible): [string, Input][] {
  if (type.kind === 'INPUT') {
    return [...type.inputs].map(([name, input]) => [fieldCoordinate(type.name, name), input]);
  }
  if (type.kind !== 'OBJECT' && type.kind !== 'INTERFACE') return [];
  return [...type.fields]
    .filter(([name]) => visible.has(fieldCoordinate(type.name, name)))
    .flatMap(([name, field]) =>
      [...field.arguments].map(([argument, input]): [string, Input] => [
        argumentCoordinate(type.name, name, argument),
        input,
      ]),
    );
}

function wronglyHidden(model: Model, visible: Visible, audience: string, input: Input): string | undefined {
  if (input.required) return 'it is required, and would be hidden';
  const excluded = (tags: Input['tags']) => tags === 'HIDDEN' || (tags.size > 0 && !tags.has(audience));
  const type = model.types.get(input.type);
  if (type === undefined || visible.has(type.name) || excluded(input.tags) || excluded(type.tags))
    return undefined;
  return `nothing that this audience sees is left of its type ${type.name}`;
}

function hiddenDefault(model: Model, visible: Visible, input: Input): string | undefined {
  const hidden =
    input.defaultValue === undefined ? [] : hiddenIn(model, visible, input.defaultValue, input.type);
  return hidden.length === 0 ? undefined : `its default uses ${hidden.join(', ')}, which would be hidden`;
}

/** The coordinates of enum values and input fields in a constant that the audience does not see. */
function hiddenIn(model: Model, visible: Visible, value: ValueNode, typeName: string): string[] {
  const unlessVisible = (coordinate: string) => (visible.has(coordinate) ? [] : [coordinate]);
  if (value.kind === Kind.ENUM) return unlessVisible(fieldCoordinate(typeName, value.value));
  if (value.kind === Kind.LIST)
    return value.values.flatMap((item) => hiddenIn(model, visible, item, typeName));
  if (value.kind !== Kind.OBJECT) return [];
  const type = model.types.get(typeName);
  return value.fields.flatMap((field) => {
    const input = type?.kind === 'INPUT' ? type.inputs.get(field.name.value) : undefined;
    const own = unlessVisible(fieldCoordinate(typeName, field.name.value));
    return input === undefined ? own : [...own, ...hiddenIn(model, visible, field.value, input.type)];
  });
}

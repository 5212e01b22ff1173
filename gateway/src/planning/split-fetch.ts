import {
  Kind,
  parse,
  print,
  visit,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { FetchNode, PlanSelection } from './query-plan.js';
import type { RequiredArguments } from './required-arguments.js';

/** Some of the fields that a fetch asks of its entities, which one representation can serve. */
interface Part {
  readonly selections: SelectionNode[];
  /** Paths of the stand-ins that they require. */
  readonly required: Set<string>;
}

/**
 * A representation has one value for each field. When fields that are asked for together require one field with
 * different arguments, they are asked for one group after the other, each with its own representations.
 *
 * @returns the fetch itself when there is no such conflict
 */
export function splitByRequirement(fetch: FetchNode, required: RequiredArguments): readonly FetchNode[] {
  const present = standInPaths(fetch.requires ?? [], '', required);
  if (!hasConflict(present, required)) return [fetch];
  const operation = parse(fetch.operation, { noLocation: true }).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const entities = operation?.selectionSet.selections.find(
    (selection): selection is FieldNode =>
      selection.kind === Kind.FIELD && selection.name.value === '_entities',
  );
  if (operation === undefined || entities?.selectionSet === undefined)
    throw new Error('A fetch with representations asks for no entities');
  const atoms = atomsOf(entities.selectionSet.selections, undefined);
  return partsOf(fetch.serviceName, atoms, required).map(({ selections, required: needed }) => ({
    ...fetch,
    ...ofEntities(operation, entities, selections),
    requires: keepRequired(fetch.requires ?? [], '', needed, required),
  }));
}

/** One field of a type, with the fragments around it. */
interface Atom {
  readonly typeName: string | undefined;
  readonly field: FieldNode;
  readonly selection: SelectionNode;
}

function atomsOf(selections: readonly SelectionNode[], typeName: string | undefined): Atom[] {
  return selections.flatMap((selection): Atom[] => {
    if (selection.kind === Kind.FIELD) return [{ typeName, field: selection, selection }];
    if (selection.kind !== Kind.INLINE_FRAGMENT) throw new Error('A fetch for entities has named fragments');
    const narrowed = selection.typeCondition?.name.value ?? typeName;
    return atomsOf(selection.selectionSet.selections, narrowed).map((atom) => ({
      ...atom,
      selection: {
        ...selection,
        selectionSet: { kind: Kind.SELECTION_SET, selections: [atom.selection] },
      },
    }));
  });
}

function partsOf(service: string, atoms: readonly Atom[], required: RequiredArguments): readonly Part[] {
  const parts: Part[] = [];
  for (const { typeName, field, selection } of atoms) {
    const needed = required.requiredBy(service, typeName ?? '', field.name.value);
    let part = parts.find((candidate) => !hasConflict([...candidate.required, ...needed], required));
    if (part === undefined) {
      part = { selections: [], required: new Set() };
      parts.push(part);
    }
    part.selections.push(selection);
    for (const path of needed) part.required.add(path);
  }
  return parts;
}

function ofEntities(
  operation: OperationDefinitionNode,
  entities: FieldNode,
  selections: readonly SelectionNode[],
): Pick<FetchNode, 'operation' | 'variableUsages'> {
  const asked: FieldNode = { ...entities, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  const used = new Set<string>();
  visit(asked, {
    [Kind.VARIABLE]: ({ name }) => {
      used.add(name.value);
    },
  });
  const document: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    ),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [asked] },
  };
  used.delete('representations');
  return { operation: print(document), variableUsages: [...used] };
}

/** True when two of the stand-ins would have the same name in one object. */
function hasConflict(paths: readonly string[], required: RequiredArguments): boolean {
  const standInAt = new Map<string, string>();
  return paths.some((path) => {
    const names = path.split('.');
    const place = names.map((name) => required.standIns.get(name)?.field ?? name).join('.');
    const known = standInAt.get(place) ?? path;
    standInAt.set(place, known);
    return known !== path;
  });
}

function standInPaths(
  selections: readonly PlanSelection[],
  path: string,
  required: RequiredArguments,
): readonly string[] {
  return selections.flatMap((selection): readonly string[] => {
    if (selection.kind === 'InlineFragment') return standInPaths(selection.selections, path, required);
    const ownPath = path === '' ? selection.name : `${path}.${selection.name}`;
    const below = standInPaths(selection.selections ?? [], ownPath, required);
    return required.standIns.has(selection.name) ? [ownPath, ...below] : below;
  });
}

/** What is sent of an entity, without the stand-ins that nothing in the part needs. */
function keepRequired(
  selections: readonly PlanSelection[],
  path: string,
  needed: ReadonlySet<string>,
  required: RequiredArguments,
): readonly PlanSelection[] {
  return selections.flatMap((selection): readonly PlanSelection[] => {
    if (selection.kind === 'InlineFragment') {
      const kept = keepRequired(selection.selections, path, needed, required);
      return kept.length === 0 ? [] : [{ ...selection, selections: kept }];
    }
    const ownPath = path === '' ? selection.name : `${path}.${selection.name}`;
    if (required.standIns.has(selection.name) && !needed.has(ownPath)) return [];
    if (selection.selections === undefined) return [selection];
    const kept = keepRequired(selection.selections, ownPath, needed, required);
    return kept.length === 0 ? [] : [{ ...selection, selections: kept }];
  });
}

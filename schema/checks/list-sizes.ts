import { Kind, type FieldDefinitionNode } from 'graphql';
import type { Problem } from './problem.js';
import { hasDirective, readServices, resolvedFields } from './service-model.js';

/** The arguments that say how long a page is. */
const PAGE_ARGUMENTS = new Set(['first', 'last']);

/**
 * A page says how long it gets: a field with `first` or `last` has a `@listSize` that names each of them. Without it the
 * gateway would take a page of a hundred rows for one of ten, and let operations pass that are too expensive.
 */
export function checkListSizes(subgraphs: Readonly<Record<string, string>>): Problem[] {
  return readServices(subgraphs).flatMap((service) =>
    service.composites.flatMap((type) =>
      resolvedFields(type).flatMap((field) => {
        const missing = unnamedArguments(field);
        if (missing.length === 0) return [];
        const at = `${service.name}: ${type.name.value}.${field.name.value}`;
        return [{ at, message: `its @listSize must name ${missing.join(' and ')} in slicingArguments` }];
      }),
    ),
  );
}

function unnamedArguments(field: FieldDefinitionNode): string[] {
  const paging = (field.arguments ?? [])
    .map(({ name }) => name.value)
    .filter((name) => PAGE_ARGUMENTS.has(name));
  if (!hasDirective(field, 'listSize')) return paging;
  const named = slicingArguments(field);
  return paging.filter((name) => !named.includes(name));
}

function slicingArguments({ directives = [] }: FieldDefinitionNode): string[] {
  const value = directives
    .find(({ name }) => name.value === 'listSize')
    ?.arguments?.find(({ name }) => name.value === 'slicingArguments')?.value;
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((entry) => (entry.kind === Kind.STRING ? [entry.value] : []));
}

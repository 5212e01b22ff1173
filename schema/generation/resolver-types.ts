import type { GeneratedFile } from '../generated-file.js';
import { MAPPED_TYPES } from '../mappers.js';
import { SUBGRAPH_NAMES, type SubgraphName } from '../subgraphs.js';
import { runCodegen, type Output } from './run.js';

/** How the scalars of the graph look to a service, in arguments and in results. */
const SERVICE_SCALARS = {
  ID: 'string',
  _FieldSet: 'string',
  DateTime: 'Date',
  LocalDate: '@fulfillment/kernel/domain/calendar#LocalDate',
  Decimal: 'string',
  CurrencyCode: 'string',
};

/** The resolver types of every service, as text; nothing is written. */
export async function generateResolverTypes(
  subgraphs: Readonly<Record<SubgraphName, string>>,
): Promise<GeneratedFile[]> {
  return runCodegen(
    Object.fromEntries(
      SUBGRAPH_NAMES.map((name) => [resolversPath(name), resolverTypes(name, subgraphs[name])]),
    ),
  );
}

function resolversPath(name: SubgraphName): string {
  return `subgraphs/${name}/src/graphql/__generated__/resolvers.ts`;
}

function resolverTypes(name: SubgraphName, sdl: string): Output {
  return {
    schema: sdl,
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      federation: true,
      strictScalars: true,
      scalars: SERVICE_SCALARS,
      useTypeImports: true,
      enumsAsTypes: true,
      immutableTypes: true,
      maybeValue: 'T | null',
      avoidOptionals: { field: true, object: false, inputValue: false, defaultValue: true },
      contextType: '../context.js#Context',
      mappers: Object.fromEntries(MAPPED_TYPES[name].map((type) => [type, `../mappers.js#${type}Mapper`])),
      resolversNonOptionalTypename: { unionMember: true, interfaceImplementingType: true },
      makeResolverTypeCallable: true,
      optionalResolveType: true,
      importExtension: '',
    },
  };
}

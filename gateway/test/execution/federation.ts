import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  parse,
  type DocumentNode,
  isInterfaceType,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { SubgraphAnswer, SubgraphFetch } from '../../src/execution/subgraph-fetch.js';
import { subgraphs } from './subgraphs.js';
import { entity, type Entity, type World } from './world.js';

/** The SDL of the supergraph of the services. */
export function composeSubgraphs(): string {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    typeDefs: parse(sdl),
    url: `http://${name}`,
  }));
  const { errors, supergraphSdl } = composeServices(services);
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** Executes an operation over a world, by a service's schema or by one schema over all services. */
export function executeOver(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
  world: World,
) {
  return execute({
    schema,
    document,
    variableValues,
    contextValue: world,
    fieldResolver: (source: Entity | undefined, args, _context, info) => world.resolve(source, args, info),
    typeResolver: (value: Entity) => value.__typename,
  });
}

/** The services, in this process: a request to one is executed by graphql-js, and goes through JSON as on the wire. */
export function createServices(): SubgraphFetch<World> {
  const schemas = new Map(Object.entries(subgraphs).map(([name, sdl]) => [name, buildService(sdl)] as const));
  return async ({ fetch, variables, representations }, world) => {
    const schema = schemas.get(fetch.serviceName);
    if (schema === undefined) throw new Error(`There is no service ${fetch.serviceName}`);
    const all = representations === undefined ? variables : { ...variables, representations };
    const sent = JSON.parse(JSON.stringify(all)) as Record<string, unknown>;
    const answer = await executeOver(schema, parse(fetch.operation), sent, world);
    return JSON.parse(JSON.stringify(answer)) as SubgraphAnswer & { errors?: GraphQLFormattedError[] };
  };
}

const entityTypes = ['Person', 'Product', 'Review', 'Media', 'Book', 'Movie'];

function buildService(sdl: string): GraphQLSchema {
  const typeDefs = parse(sdl);
  const present = entityTypes.filter((name) => new RegExp(`(type|interface) ${name}\\b`).test(sdl));
  const resolvers = Object.fromEntries(
    present.map((name) => [name, { __resolveReference: resolveReference }]),
  );
  return buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
}

/** What a service knows of an entity: its id, and the fields that it was sent. An interface's entity is of some type. */
function resolveReference(
  reference: Readonly<Record<string, unknown>>,
  _context: unknown,
  { schema }: GraphQLResolveInfo,
): Readonly<Record<string, unknown>> {
  const { sku, id = String(sku).replace('sku-', ''), __typename } = reference;
  const isInterface = isInterfaceType(schema.getType(String(__typename)));
  return { ...reference, ...(isInterface ? entity(String(id)) : { id }) };
}

import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** What the SDL of a service begins with in tests. */
export const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@requires", "@external", "@shareable", "@provides", "@interfaceObject", "@override"])';

/**
 * A supergraph of services given by name and SDL (the federation's directives are imported for them).
 * @throws Error with every problem of the composition
 */
export function composeSupergraph(services: Readonly<Record<string, string>>): string {
  const composed = composeServices(
    Object.entries(services).map(([name, sdl]) => ({
      name,
      url: `http://${name}.test`,
      typeDefs: parse(`${federation}\n${sdl}`),
    })),
  );
  if (composed.supergraphSdl === undefined)
    throw new Error((composed.errors ?? []).map(({ message }) => message).join('\n'));
  return composed.supergraphSdl;
}

/** A supergraph with the services' own GraphQL addresses in place of the ones that composition puts there. */
export function withAddresses(supergraphSdl: string, services: Readonly<Record<string, string>>): string {
  return Object.entries(services).reduce(
    (sdl, [name, url]) => sdl.replaceAll(`"http://${name}/graphql"`, JSON.stringify(`${url}/graphql`)),
    supergraphSdl,
  );
}

import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** The services do not compose: every reason, each naming the type and field. */
export class CompositionFailed extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(`The services do not compose:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`);
    this.name = 'CompositionFailed';
  }
}

/** A supergraph, and what composition noticed that is not an error: every hint is worth mending. */
export interface Composition {
  readonly supergraphSdl: string;
  readonly hints: readonly string[];
}

/**
 * Composes the SDL of the services (by name) into the SDL of the supergraph.
 *
 * The routing addresses are placeholders (`http://orders/graphql`); the gateway sets its own.
 * Throws {@link CompositionFailed} when they do not compose.
 */
export function composeServicesSdl(subgraphs: Readonly<Record<string, string>>): Composition {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}/graphql`,
    typeDefs: parse(sdl),
  }));
  const result = composeServices(services);
  if (result.errors !== undefined) {
    throw new CompositionFailed(result.errors.map((error) => `${error.message} (${codeOf(error)})`));
  }
  return {
    supergraphSdl: `${result.supergraphSdl.trimEnd()}\n`,
    hints: result.hints.map((hint) => `${hint.message} (${hint.definition.code})`),
  };
}

/** As {@link composeServicesSdl}, the SDL alone. */
export function composeSupergraph(subgraphs: Readonly<Record<string, string>>): string {
  return composeServicesSdl(subgraphs).supergraphSdl;
}

function codeOf(error: { readonly extensions: Readonly<Record<string, unknown>> }): string {
  const code = error.extensions['code'];
  return typeof code === 'string' ? code : 'UNKNOWN';
}

import { composeSupergraph } from '../composition.js';

const LINK = `
  extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@external", "@requires", "@shareable", "@tag", "@inaccessible", "@authenticated", "@requiresScopes", "@policy"]
  )
`;

/** The SDL of a small service for a test, with federation's directives at hand. */
export function service(sdl: string): string {
  return `${LINK}\n${sdl}`;
}

/** The supergraph of one small service. */
export function supergraphOf(sdl: string): string {
  return composeSupergraph({ fixture: service(sdl) });
}

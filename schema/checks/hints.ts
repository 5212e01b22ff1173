import { composeServicesSdl } from '../composition.js';
import type { Problem } from './problem.js';

/** The services agree in everything that composition notices, descriptions of shared types included. */
export function checkHints(subgraphs: Readonly<Record<string, string>>): Problem[] {
  return composeServicesSdl(subgraphs).hints.map((hint) => ({ at: 'schema/*.graphql', message: hint }));
}

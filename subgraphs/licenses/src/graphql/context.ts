import type { Loaders } from './loaders.js';

/** What every resolver of licenses gets with a request. */
export interface Context {
  readonly loaders: Loaders;
}

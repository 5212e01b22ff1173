import type { Clock } from '@fulfillment/kernel/domain/clock';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Loaders } from './loaders.js';
import type { PartnersReader } from './reader.js';

/** What every resolver gets. */
export interface Context {
  readonly viewer: Viewer;
  readonly clock: Clock;
  readonly reader: PartnersReader;
  readonly loaders: Loaders;
}

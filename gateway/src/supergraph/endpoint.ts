import type { ApolloServer } from '@apollo/server';
import type { Audience } from '@fulfillment/schema/audience';
import type { GatewayContext } from '../context.js';
import type { FastPath } from '../fast-path/fast-path.js';

/** What answers the requests of one audience. */
export interface Endpoint {
  readonly server: ApolloServer<GatewayContext>;
  /** Answers what needs nothing of the server; shares its plugins. */
  readonly fast: FastPath<GatewayContext>;
}

export type Endpoints = Readonly<Record<Audience, Endpoint>>;

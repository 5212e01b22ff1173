import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { subgraphSdl, type SubgraphName } from '@fulfillment/schema/subgraphs';
import { graphql, parse } from 'graphql';

/** What a stand-in was asked. */
interface AskedRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly headers: IncomingMessage['headers'];
  /** True when the connection was closed before the answer. */
  readonly abandoned: () => boolean;
}

export type Resolvers = Readonly<Record<string, object>>;

/** How a stand-in behaves: answers, never answers, closes the connection, or answers a body as it is. */
export type Behavior = 'answer' | 'hang' | 'hang up' | { readonly status: number; readonly body: string };

/** A service's schema over fixed data: it takes any token and remembers what it was asked. */
export async function startStandIn(name: SubgraphName, resolvers: Resolvers) {
  const schema = buildSubgraphSchema([
    { typeDefs: parse(await subgraphSdl(name)), resolvers: resolvers as never },
  ]);
  const asked: AskedRequest[] = [];
  const hanging: ServerResponse[] = [];
  const state: { behavior: Behavior; freshness?: object; held: Promise<void> | null; reached: () => void } = {
    behavior: 'answer',
    held: null,
    reached: () => undefined,
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const json = { 'content-type': 'application/json' };
    if (request.url === '/health/ready') return response.writeHead(200, json).end('{}');
    const { query, variables } = JSON.parse(await text(request)) as AskedRequest;
    const abandoned = () => request.socket.destroyed;
    asked.push({ query, variables, headers: request.headers, abandoned });
    const { behavior } = state;
    if (behavior === 'hang') return void hanging.push(response);
    if (behavior === 'hang up') return request.socket.destroy();
    if (behavior !== 'answer') return response.writeHead(behavior.status, json).end(behavior.body);
    state.reached();
    await state.held;
    const answer = await graphql({ schema, source: query, variableValues: variables ?? {} });
    const { freshness } = state;
    const told = freshness && answer.errors === undefined ? { ...answer, extensions: { freshness } } : answer;
    return response.writeHead(200, json).end(JSON.stringify(told));
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    behave: (behavior: Behavior) => {
      state.behavior = behavior;
    },
    /** Says with each answer from now on how long it holds. */
    tellFreshness: (freshness: {
      readonly holdsForMs: number | null;
      readonly dependsOn: readonly string[];
    }) => {
      state.freshness = freshness;
    },
    /** Keeps answers back until they are released; `reached` resolves with the first request. */
    hold: () => {
      let release = () => undefined as void;
      const reached = new Promise<void>((resolve) => {
        state.reached = resolve;
      });
      state.held = new Promise<void>((resolve) => {
        release = () => {
          state.held = null;
          resolve();
        };
      });
      return { reached, release: () => release() };
    },
    finishHanging: () => {
      for (const response of hanging.splice(0)) response.writeHead(503).end();
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

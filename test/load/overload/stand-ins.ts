import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { subgraphSdl, type SubgraphName } from '@fulfillment/schema/subgraphs';
import { graphql, parse, type GraphQLSchema } from 'graphql';
import { resolversOf } from '../../../gateway/test/kit/data.js';

/** Stand-ins of the four services over fixed data, which cost next to nothing: each different request is worked out once. */
export async function startStandIns(): Promise<{
  readonly urls: Readonly<Record<SubgraphName, string>>;
  stop(): void;
}> {
  const names = Object.keys(resolversOf) as SubgraphName[];
  const servers = await Promise.all(names.map(async (name) => [name, await startStandIn(name)] as const));
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    urls: Object.fromEntries(servers.map(([name, server]) => [name, urlOf(server)])) as Record<
      SubgraphName,
      string
    >,
    stop: () => {
      for (const [, server] of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function startStandIn(name: SubgraphName): Promise<Server> {
  const typeDefs = parse(await subgraphSdl(name));
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolversOf[name] as never }]);
  const answers = new Map<string, string>();
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = request.method === 'POST' ? await text(request) : '';
    const answer = body === '' ? '{}' : (answers.get(body) ?? (await answerTo(schema, body)));
    answers.set(body, answer);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    });
    response.end(answer);
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

async function answerTo(schema: GraphQLSchema, body: string): Promise<string> {
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
  return JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} }));
}

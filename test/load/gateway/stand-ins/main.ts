// The stand-ins of all four services in a process of their own, each at a port of its own (STAND_IN_PORTS, as JSON).
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createAnswerer } from './remembered-answers.js';
import { standInResolvers } from './resolvers.js';
import { standInNames, standInSdl, type StandIn } from './subgraphs.js';

const ports = JSON.parse(process.env['STAND_IN_PORTS'] ?? '{}') as Record<StandIn, number>;

for (const name of standInNames) {
  const answer = createAnswerer(
    buildSubgraphSchema([{ typeDefs: parse(standInSdl[name]), resolvers: standInResolvers[name] as never }]),
  );
  createServer((request, response) => {
    if (request.method !== 'POST') return void response.end('{}');
    void text(request)
      .then(answer)
      .then((json) => response.writeHead(200, { 'content-type': 'application/json' }).end(json));
  })
    .on('connection', (socket) => socket.setNoDelay(true))
    .listen({ host: '127.0.0.1', port: ports[name], keepAliveTimeout: 60_000 });
}

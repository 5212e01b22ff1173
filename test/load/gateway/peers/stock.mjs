// Stock @apollo/gateway in @apollo/server's own HTTP server. FETCHER=undici asks services through undici with kept
// connections in place of the library's make-fetch-happen; the rest is the same.
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { port, services, supergraphSdl, viewerHeader } from './environment.mjs';
import { undiciFetcher } from './undici-fetcher.mjs';

const fetcher = process.env.FETCHER === 'undici' ? { fetcher: undiciFetcher(services) } : {};

const gateway = new ApolloGateway({
  supergraphSdl,
  buildService: ({ name }) =>
    new RemoteGraphQLDataSource({
      url: `${services[name]}/graphql`,
      ...fetcher,
      willSendRequest({ request, context }) {
        if (context.viewer !== undefined)
          request.http.headers.set('authorization', `Bearer ${context.viewer}`);
      },
    }),
});
const server = new ApolloServer({ gateway, stopOnTerminationSignals: false });

await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port },
  context: async ({ req }) => ({ viewer: req.headers[viewerHeader] }),
});

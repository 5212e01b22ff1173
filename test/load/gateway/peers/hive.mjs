// Hive Gateway. PLANNER: js or rust. SHARING: none; fetches (identical fetches in flight are sent once, its default);
// requests (whole identical requests in flight are answered once, too).
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { port, supergraphSdl, viewerHeader } from './environment.mjs';

const { PLANNER: planner, SHARING: sharing } = process.env;

const runtime = createGatewayRuntime({
  supergraph: supergraphSdl,
  logging: false,
  landingPage: false,
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: sharing !== 'none' } } },
  propagateHeaders: {
    fromClientToSubgraphs({ request }) {
      const viewer = request.headers.get(viewerHeader);
      return viewer === null ? {} : { authorization: `Bearer ${viewer}` };
    },
  },
  ...(sharing === 'requests'
    ? { inboundInflightRequestDeduplication: { shouldIncludeHeader: (name) => name === 'authorization' } }
    : {}),
  ...(planner === 'rust' ? { unifiedGraphHandler } : {}),
});

createServer(runtime).listen(port, '127.0.0.1');

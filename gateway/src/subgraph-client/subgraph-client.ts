import type { Logger } from 'pino';
import type { SubgraphAnswer, SubgraphFetch, SubgraphRequest } from '../execution/subgraph-fetch.js';
import { Cancellation } from '../in-flight/cancellation.js';
import { createInFlight } from '../in-flight/in-flight.js';
import type { OnCircuitChange } from './circuit.js';
import { cancelled } from './failure.js';
import { observed, type OnAnswered } from './observed.js';
import { requestText } from './request-text.js';
import { ServiceChain } from './service-chain.js';
import type { Service } from './service.js';
import type { SubgraphContext } from './subgraph-context.js';
import { sendingTo } from './transport.js';

/** Asks a service; rejects with `ServiceFailure` when it gave no answer. */
export type AskService = (request: SubgraphRequest, context: SubgraphContext) => Promise<SubgraphAnswer>;

export interface SubgraphClientOptions {
  /** How long one request to a service may take in all, in milliseconds: waiting, sending and sending again. */
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly onAnswered: OnAnswered;
}

/** All services with their protection. */
export interface SubgraphClient {
  /** Each with its queue and its circuit. */
  readonly chains: readonly ServiceChain<SubgraphAnswer>[];
  /** For the executor: a failure is an answer with one error that names the service. */
  readonly fetch: SubgraphFetch<SubgraphContext>;
}

/**
 * Reads that are equal, for viewers who would get equal answers alone, and in flight at the same moment are sent once.
 * What is in flight when a mutation ends is joined by nobody who comes after it: whoever wrote reads what was written.
 */
export function createSubgraphClient(
  services: readonly Service[],
  { timeoutMs, logger, onAnswered }: SubgraphClientOptions,
): SubgraphClient {
  const chains = new Map(
    services.map((service) => {
      const { name } = service;
      const onCircuitChange: OnCircuitChange = (state) =>
        logger.warn({ service: name, state }, 'The circuit of a service changed');
      return [name, new ServiceChain({ name, send: sendingTo(service), timeoutMs, onCircuitChange })];
    }),
  );
  const inFlight = createInFlight<SubgraphAnswer>();

  const ask: AskService = (request, context) => {
    const { serviceName, operationKind } = request.fetch;
    const chain = chains.get(serviceName);
    if (chain === undefined)
      return Promise.reject(new Error(`A plan names a service that has no address: ${serviceName}`));
    const { body, key } = requestText(request);
    const send = (cancellation: Cancellation) =>
      chain.call({
        body,
        isRead: operationKind !== 'mutation',
        entities: request.representations?.length,
        requestId: context.requestId,
        traceparent: context.trace.traceparent,
        viewerToken: context.viewerToken,
        cancellation,
      });
    if (operationKind === 'mutation') {
      return send(new Cancellation()).finally(() => inFlight.joinNoLonger());
    }
    const { group = '', begun } = request.sharing ?? {};
    const sendShared = (cancellation: Cancellation) =>
      send(cancellation).then((answer) => ({ ...answer, begun }));
    const who = `${context.viewerScope} ${group} ${key}`;
    return inFlight.join(who, context.clientGone, begun === undefined ? send : sendShared, whenGone);
  };

  return { chains: [...chains.values()], fetch: observed(ask, logger, onAnswered) };
}

const whenGone = () => cancelled('abandoned');

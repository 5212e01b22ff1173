import type { SubgraphAnswer } from '../execution/subgraph-fetch.js';
import { breaking, type OnBreakerChange } from './breaking.js';
import type { BreakerState } from './circuit-breaker.js';
import { queueing, type QueueLevel } from './queueing.js';
import { retrying } from './retrying.js';
import type { CallService } from './service-call.js';
import type { Service } from './service.js';
import { sendingTo } from './transport.js';

/** A service with what protects it from the gateway, and the gateway from it. */
export interface ServiceChain {
  readonly name: string;
  readonly call: CallService<SubgraphAnswer>;
  readonly level: () => QueueLevel;
  /** Whether requests are sent: all, probes alone, none. */
  readonly circuit: () => BreakerState['kind'];
}

/** From the inside: transport, one retry of reads, bounded queue, circuit breaker. */
export function createServiceChain(service: Service, onBreakerChange: OnBreakerChange): ServiceChain {
  const { call, level } = queueing(retrying(sendingTo(service)));
  let circuit: BreakerState['kind'] = 'closed';
  const protectedCall = breaking(call, (kind) => {
    circuit = kind;
    onBreakerChange(kind);
  });
  return { name: service.name, level, circuit: () => circuit, call: protectedCall };
}

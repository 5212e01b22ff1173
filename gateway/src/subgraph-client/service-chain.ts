import { Circuit, outcomeOf, type OnCircuitChange } from './circuit.js';
import type { BreakerState, CallOutcome } from './circuit-breaker.js';
import { ServiceFailure } from './failure.js';
import { RetryBudget } from './retry-budget.js';
import type { SendToService, ServiceRequest } from './service-call.js';
import { Turns, type QueueLevel } from './turns.js';

export interface ServiceChainOptions<Answer> {
  readonly name: string;
  readonly send: SendToService<Answer>;
  /** How long one request may take in all, in milliseconds: waiting, sending and sending again. */
  readonly timeoutMs: number;
  readonly onCircuitChange: OnCircuitChange;
  readonly turns?: Turns;
  readonly retries?: RetryBudget;
}

/**
 * A service with what protects it from the gateway, and the gateway from it. From the outside: circuit, deadline, bounded
 * queue, one retry of reads, transport. They are steps of one function, because every request to every service takes them.
 */
export class ServiceChain<Answer> {
  readonly name: string;
  private readonly circuit: Circuit;
  private readonly turns: Turns;
  private readonly retries: RetryBudget;

  constructor(private readonly options: ServiceChainOptions<Answer>) {
    this.name = options.name;
    this.circuit = new Circuit(options.onCircuitChange);
    this.turns = options.turns ?? new Turns();
    this.retries = options.retries ?? new RetryBudget();
  }

  /** How many requests are under way, and how many wait. */
  level(): QueueLevel {
    return this.turns.level();
  }

  /** Whether requests are sent: all, probes alone, none. */
  get circuitState(): BreakerState['kind'] {
    return this.circuit.kind;
  }

  /** Rejects with `ServiceFailure` when there is no answer that could be used. */
  call(request: ServiceRequest): Promise<Answer> {
    const { circuit, turns } = this;
    const { timeoutMs } = this.options;
    let era: number;
    try {
      era = circuit.admit();
    } catch (leftAlone) {
      return Promise.reject(leftAlone);
    }
    const deadlineAt = performance.now() + timeoutMs;
    const timer = setTimeout(expire, timeoutMs, request);
    const end = (outcome: CallOutcome) => {
      clearTimeout(timer);
      circuit.ended(era, outcome);
    };
    const failed = (error: unknown): never => {
      end(outcomeOf(error));
      throw error;
    };
    const inTurn = (): Promise<Answer> =>
      this.send(request, deadlineAt).then(
        (answer) => {
          turns.passOn();
          end('succeeded');
          return answer;
        },
        (error: unknown) => {
          turns.passOn();
          return failed(error);
        },
      );
    return turns.take() ? inTurn() : turns.wait(request.cancellation).catch(failed).then(inTurn);
  }

  /**
   * Sends a read once more when its connection failed, while it is wanted and the budget allows it. What a service
   * answered, however badly, is never asked again, and a mutation never is.
   */
  private send(request: ServiceRequest, deadlineAt: number): Promise<Answer> {
    const { retries, options } = this;
    const sent = options.send(request, deadlineAt);
    if (!request.isRead) return sent;
    retries.earn();
    return sent.catch((error: unknown) => {
      const isWorthwhile = error instanceof ServiceFailure && error.atConnection;
      if (!isWorthwhile || request.cancellation.aborted || !retries.spend()) throw error;
      return options.send(request, deadlineAt);
    });
  }
}

function expire({ cancellation }: ServiceRequest): void {
  cancellation.cancel('deadline');
}

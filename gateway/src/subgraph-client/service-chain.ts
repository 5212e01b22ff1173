import { Circuit, outcomeOf, type OnCircuitChange } from './circuit.js';
import type { BreakerState } from './circuit-breaker.js';
import { Deadlines, type Deadline } from './deadlines.js';
import { ServiceFailure } from './failure.js';
import { RetryBudget } from './retry-budget.js';
import type { AnswerWaiter, SendToService, ServiceRequest } from './service-call.js';
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
  readonly circuit: Circuit;
  readonly deadlines: Deadlines;
  readonly turns: Turns;
  readonly retries: RetryBudget;

  constructor(readonly options: ServiceChainOptions<Answer>) {
    this.name = options.name;
    this.circuit = new Circuit(options.onCircuitChange);
    this.deadlines = new Deadlines(options.timeoutMs);
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
    return new Promise((resolve, reject) => {
      new Call(this, request, resolve, reject).begin();
    });
  }
}

/** One request on its way through the chain. */
class Call<Answer> implements AnswerWaiter<Answer> {
  private era = 0;
  private deadline: Deadline | undefined;
  private mayBeSentAgain: boolean;

  constructor(
    private readonly chain: ServiceChain<Answer>,
    private readonly request: ServiceRequest,
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (failure: unknown) => void,
  ) {
    this.mayBeSentAgain = request.isRead;
  }

  begin(): void {
    const { chain, request } = this;
    try {
      this.era = chain.circuit.admit();
    } catch (leftAlone) {
      this.reject(leftAlone);
      return;
    }
    this.deadline = chain.deadlines.begin(request.cancellation);
    if (chain.turns.take()) this.send();
    else {
      chain.turns.wait(request.cancellation).then(
        () => this.send(),
        (failure: unknown) => this.end(failure),
      );
    }
  }

  answered(answer: Answer): void {
    const { circuit, deadlines, turns } = this.chain;
    turns.passOn();
    if (this.deadline !== undefined) deadlines.end(this.deadline);
    circuit.ended(this.era, 'succeeded');
    this.resolve(answer);
  }

  /**
   * A read is sent once more when its connection failed, while it is wanted and the budget allows it. What a service
   * answered, however badly, is never asked again, and a mutation never is.
   */
  failed(failure: unknown): void {
    const { chain, request } = this;
    const isWorthwhile =
      failure instanceof ServiceFailure && failure.atConnection && !request.cancellation.aborted;
    if (this.mayBeSentAgain && isWorthwhile && chain.retries.spend()) {
      this.mayBeSentAgain = false;
      this.sendOnce();
      return;
    }
    chain.turns.passOn();
    this.end(failure);
  }

  private send(): void {
    if (this.request.isRead) this.chain.retries.earn();
    this.sendOnce();
  }

  private sendOnce(): void {
    this.chain.options.send(this.request, this.deadline?.at ?? 0, this, this.mayBeSentAgain);
  }

  private end(failure: unknown): void {
    const { circuit, deadlines } = this.chain;
    if (this.deadline !== undefined) deadlines.end(this.deadline);
    circuit.ended(this.era, outcomeOf(failure));
    this.reject(failure);
  }
}

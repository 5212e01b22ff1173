import { setTimeout as pause } from 'node:timers/promises';
import type { Socket } from 'node:net';
import pg from 'pg';
import { isPlanLost, PreparedStatements } from './prepared-statements.js';
import type { RequestCancellation } from './request-cancellation.js';
import { currentScope, type RequestScope } from './request-scope.js';

/** A cancel request that the database does not take within this long is sent anew. */
const cancelTimeoutMs = 2_000;

/** A statement that goes on so long after a cancel request had not begun when that came: it is cancelled again. */
const againAfterMs = 100;

const startOfTransaction = 'START TRANSACTION';

const isRead = /^\s*(SELECT|WITH)\b/i;
const isStatement = /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/i;

/** Those of the process: its connections keep the same. */
const prepared = new PreparedStatements();

/**
 * A connection whose statements end when the request that they are run for is given up: PostgreSQL is told to cancel
 * what runs (over a connection of its own, as the protocol has it), and nothing more is begun. The end of a transaction
 * is never refused. It costs no statement. What comes again is prepared once. A transaction begins together with its first
 * statement, which saves the way there and back; one without any never begins. Statements are sent as they come, without waiting for
 * the one before (`pipeline` in the configuration). A transaction is not committed without a statement that was never sent.
 */
export class CancellableClient extends pg.Client {
  /** NONE, BEGUN where the database has yet to hear of it, OPEN. */
  #transaction: 'NONE' | 'BEGUN' | 'OPEN' = 'NONE';
  /** A statement of the transaction was never sent: the database, which knows of no failure, would commit the others. */
  #isIncomplete = false;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // What was asked fails when the connection is lost, and the pool takes no connection back that is.
    this.on('error', () => undefined);
  }

  // The types of pg declare a dozen forms of `query`; all but one pass as they are.
  override query(...given: never[]): never {
    const [text, values, callback] = given as unknown[];
    if (typeof text !== 'string' || typeof (callback ?? values) === 'function') {
      return super.query(...(given as [never]));
    }
    return this.ask(currentScope(), text, values as unknown[] | undefined) as never;
  }

  /** Runs a statement for what a scope stands for. */
  ask(scope: RequestScope | undefined, text: string, values: unknown[] | undefined): Promise<pg.QueryResult> {
    const cancellation = scope?.cancellation;
    return cancellation === undefined
      ? this.#run(text, values)
      : this.#queryUntil(cancellation, text, values);
  }

  /**
   * Under its name, where it has one. When its plan was lost, a statement by itself is just sent again; one of a transaction
   * fails it, and whoever began the transaction begins it again (`isRepeatable`).
   */
  async #run(text: string, values: unknown[] | undefined): Promise<pg.QueryResult> {
    if (text === startOfTransaction) {
      this.#transaction = 'BEGUN';
      this.#isIncomplete = false;
      return nothing('START');
    }
    if (text === 'COMMIT' || text === 'ROLLBACK') return this.#end(text);
    if (values === undefined || values.length === 0) return this.#send({ text });
    const inTransaction = this.#transaction !== 'NONE';
    const mayBePrepared = inTransaction ? isStatement : isRead;
    const name = mayBePrepared.test(text) ? prepared.nameOf(text) : undefined;
    if (name === undefined) return this.#send({ text, values });
    try {
      return await this.#send({ name, text, values });
    } catch (error) {
      if (!isPlanLost(error)) throw error;
      prepared.giveUp(text);
      if (inTransaction) throw error;
      return super.query(text, values);
    }
  }

  /** Ends a transaction. One of which a statement was never sent rolls back, and a commit of it fails. */
  async #end(asked: 'COMMIT' | 'ROLLBACK'): Promise<pg.QueryResult> {
    const was = this.#transaction;
    const text = this.#isIncomplete ? 'ROLLBACK' : asked;
    this.#transaction = 'NONE';
    this.#isIncomplete = false;
    const result = was === 'BEGUN' ? nothing(text) : await super.query(text);
    if (text !== asked)
      throw new Error('Nothing was committed: a statement of the transaction was never sent');
    return result;
  }

  /** Together with the start of the transaction that it is the first statement of. */
  #send(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    if (this.#transaction !== 'BEGUN') return this.#submit(statement);
    this.#transaction = 'OPEN';
    const { stream } = (this as unknown as Backend).connection;
    stream.cork();
    try {
      // Where it fails, the connection is lost, and so is the statement.
      super.query(startOfTransaction).catch(() => undefined);
      return this.#submit(statement);
    } finally {
      stream.uncork();
    }
  }

  /** What cannot be sent, for instance a value that has no JSON, fails at once, before the next statement is sent. */
  #submit(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    return new Promise((resolve, reject) => {
      const callback = (error: Error | null, result: pg.QueryResult) => {
        if (error === null) return resolve(result);
        if (!(error instanceof pg.DatabaseError)) this.#isIncomplete = true;
        reject(error);
      };
      void super.query({ ...statement, callback } as pg.QueryConfig);
    });
  }

  #refuseIfGivenUp(cancellation: RequestCancellation): void {
    try {
      cancellation.throwIfGivenUp();
    } catch (error) {
      this.#isIncomplete = true;
      throw error;
    }
  }

  async #queryUntil(cancellation: RequestCancellation, text: string, values: unknown[] | undefined) {
    if (!endsTransaction(text)) this.#refuseIfGivenUp(cancellation);
    const running = this.#run(text, values);
    let cancelling: Promise<void> | undefined;
    const onGivenUp = () => {
      cancelling = cancelUntilEnded(this, running);
    };
    cancellation.onGivenUp(onGivenUp);
    try {
      return await running;
    } catch (error) {
      if (cancelling !== undefined) cancellation.throwIfGivenUp();
      throw error;
    } finally {
      cancellation.offGivenUp(onGivenUp);
      // The connection serves nobody else while a cancel request could still reach it.
      await cancelling;
    }
  }
}

/** The answer to what the database need not be asked. */
function nothing(command: string): pg.QueryResult {
  return { command, rowCount: null, oid: 0, rows: [], fields: [] };
}

function endsTransaction(text: string): boolean {
  return /^\s*(COMMIT|ROLLBACK|RELEASE)\b/i.test(text);
}

async function cancelUntilEnded(client: pg.Client, running: Promise<unknown>): Promise<void> {
  const state = { ended: false };
  const note = () => {
    state.ended = true;
  };
  const end = running.then(note, note);
  while (!state.ended) {
    await sendCancelRequest(client);
    await Promise.race([end, pause(againAfterMs)]);
  }
}

/** What pg has and its types do not declare. */
interface Backend {
  readonly connection: { readonly stream: Socket };
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly processID: number;
  readonly secretKey: number;
}

interface CancelConnection extends Omit<pg.Connection, 'on'> {
  on(event: 'connect' | 'sslconnect' | 'end' | 'error', listener: () => void): void;
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/** Resolves when the database has taken the request (it closes the connection then), or cannot. Never rejects. */
async function sendCancelRequest(client: pg.Client): Promise<void> {
  const { host, port, ssl, processID, secretKey } = client as unknown as Backend;
  const connection = new pg.Connection({ ssl } as never) as unknown as CancelConnection;
  const cancel = () => connection.cancel(processID, secretKey);
  await new Promise<void>((resolve) => {
    const patience = setTimeout(resolve, cancelTimeoutMs);
    const end = () => {
      clearTimeout(patience);
      resolve();
    };
    connection.on('end', end);
    connection.on('error', end);
    connection.on('connect', ssl ? () => connection.requestSsl() : cancel);
    connection.on('sslconnect', cancel);
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
  connection.stream.destroy();
}

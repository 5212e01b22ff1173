/** A request as it is written to a connection. */
export interface HttpRequest {
  /**
   * Request line and headers, each ended by CRLF, without `host`, `content-length` and the empty line at the end. ASCII;
   * whoever writes them sees to it that no value holds a line's end.
   */
  readonly head: string;
  readonly body: string;
  /**
   * Whether it is sent again should its connection break. If not, it waits until what has arrived is read: that may be the
   * end of a connection.
   */
  readonly mayBeSentAgain: boolean;
}

/** Why there is no answer. `broken`: the connection; `unreadable`: what was answered is no HTTP, or too much. */
export interface ExchangeFailure {
  readonly kind: 'broken' | 'unreadable';
  /** For the log. */
  readonly detail: string;
}

/** Whoever waits for the answer to a request: told once, by one of the two, unless it gives up. */
export interface Exchange {
  answered(status: number, text: string): void;
  failed(failure: ExchangeFailure): void;
}

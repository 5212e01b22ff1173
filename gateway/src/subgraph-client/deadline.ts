/** A limit of time for one piece of work, which ends earlier when the client goes away. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** True when the time ran out, rather than the client gone or the work done. */
  readonly passed: () => boolean;
  /** Must be called when the work is done, however it ended. */
  readonly clear: () => void;
}

export function startDeadline(milliseconds: number, clientGone?: AbortSignal): Deadline {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, milliseconds);
  const stop = () => controller.abort();
  if (clientGone?.aborted) stop();
  clientGone?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    passed: () => passed,
    clear: () => {
      clearTimeout(timer);
      clientGone?.removeEventListener('abort', stop);
    },
  };
}

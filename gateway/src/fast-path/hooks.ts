/** Runs one hook of each listener side by side; most have none. */
export async function sideBySide<Listener>(
  listeners: readonly Listener[],
  hook: (listener: Listener) => Promise<unknown> | undefined,
): Promise<void> {
  const running: Promise<unknown>[] = [];
  for (const listener of listeners) {
    const run = hook(listener);
    if (run !== undefined) running.push(run);
  }
  if (running.length > 0) await Promise.all(running);
}

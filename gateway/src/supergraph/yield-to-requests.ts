/** Lets everything that waits for its turn go first: for work that is long in sum and may take its time. */
export async function yieldToRequests(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

import type { Progress } from '../progress.js';
import type { DemoPointers } from './demo-pointers.js';
import { type LoadOptions, loadDemoData } from './load-demo-data.js';

/** Loads the demo data as a step that shows how far it is; returns which of it to look at first. */
export async function seedWithProgress(
  progress: Progress,
  options: Omit<LoadOptions, 'onProgress'>,
): Promise<DemoPointers> {
  const { pointers } = await progress.step(
    'demo data',
    (update) =>
      loadDemoData({ ...options, onProgress: (done, total) => update(`${done} of ${total} accounts`) }),
    ({ accounts, loaded }) => `demo data: ${accounts} accounts${loaded ? '' : ', loaded before'}`,
  );
  return pointers;
}

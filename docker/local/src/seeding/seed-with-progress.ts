import { progressBar } from '../progress-bar.js';
import type { Progress } from '../progress.js';
import type { DemoPointers } from './demo-pointers.js';
import { type LoadOptions, loadDemoData } from './load-demo-data.js';

/** Loads the demo data as a step that shows how far it is; returns which of it to look at first. */
export async function seedWithProgress(
  progress: Progress,
  options: Omit<LoadOptions, 'onProgress'>,
): Promise<DemoPointers> {
  const startedAt = performance.now();
  let reached = '';
  const load = (update: (text: string) => void) =>
    loadDemoData({
      ...options,
      onProgress: (done, total) => {
        reached = `${done} of ${total} accounts`;
        const seconds = (performance.now() - startedAt) / 1000;
        update(progressBar({ done, total, unit: 'accounts', seconds }));
      },
    });
  try {
    const { pointers } = await progress.step(
      'demo data',
      load,
      ({ accounts, loaded }) => `demo data: ${accounts} accounts${loaded ? '' : ', loaded before'}`,
    );
    return pointers;
  } catch (error) {
    if (options.signal.aborted && reached !== '') {
      progress.line(`  stopped behind ${reached}; the same command goes on from there`);
    }
    throw error;
  }
}

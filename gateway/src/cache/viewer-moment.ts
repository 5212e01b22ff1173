import type { CachingContext, EntityCacheOptions } from './entity-cache.js';
import type { ViewerMoment } from './write-fence.js';

/** Null when it cannot be known: then nothing is taken from what is kept. */
export async function momentOf(
  { cacheUse, cacheViewer }: CachingContext,
  { fence, onFailure }: Pick<EntityCacheOptions, 'fence' | 'onFailure'>,
): Promise<ViewerMoment | null> {
  try {
    return await cacheUse.begun(() => fence.moment(cacheViewer.writer));
  } catch (error) {
    onFailure(error);
    return null;
  }
}

/** Reads of one group alone are answered together: who has written since joins none that began before. */
export function sharingGroup(moment: ViewerMoment | null): string {
  return moment === null ? '' : `${moment.epoch} ${moment.wroteAt}`;
}

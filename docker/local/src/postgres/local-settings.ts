/**
 * The settings of PostgreSQL that suit one machine on which much is loaded at once: with few checkpoints, a page that is changed
 * often is not written to the log whole each time.
 */
export const localSettings: Readonly<Record<string, string>> = {
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
  wal_compression: 'on',
};

import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Mailer } from '../service/delivery-ports.js';
import { toMessage } from './mime.js';

/**
 * Puts each mail into a folder as a message file, `<id>.eml`, for a mail server that picks messages up there, or for a person to
 * look at. The same mail again is the same file.
 */
export function createFolderMailer(folder: string, from: string, now: () => Date): Mailer {
  return {
    async send(mail) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const unfinished = path.join(folder, `.${mail.id}.${randomUUID()}`);
      await writeFile(unfinished, toMessage(mail, from, now()), { mode: 0o600 });
      await rename(unfinished, path.join(folder, `${mail.id}.eml`));
    },
  };
}

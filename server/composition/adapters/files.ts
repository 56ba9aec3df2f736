import { createAuditFile } from '../../adapters/files/audit-file.ts';
import { createTrimFolders } from '../../adapters/files/trim-folders.ts';
import type { Adapters } from './adapters.ts';

/** What was used in this time is not removed from the folders of the server. */
const FRESH_MS = 600_000;

/** The folders of charts and of what passes between server and engine. */
export const trimOwnFolders: Adapters['trimFolders'] = ({ limits }, { folder, clock, log }) =>
  createTrimFolders({
    folders: [
      { path: folder.chartFolder, maxBytes: limits.dataBytes, restMs: FRESH_MS },
      // What nobody has fetched by now, nobody will.
      { path: folder.spillFolder, maxBytes: 0, restMs: FRESH_MS },
    ],
    clock,
    onError: (path, error) => log.warn({ path, err: error }, 'folder cleanup failed, will retry'),
  });

export const openAuditFile: Adapters['auditFile'] = ({ audit: { file } }) =>
  file === '' ? null : createAuditFile(file);

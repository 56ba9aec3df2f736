import { createAuditFile } from '../../adapters/files/audit-file.ts';
import { createTrimFolders } from '../../adapters/files/trim-folders.ts';
import type { Adapters } from './adapters.ts';

/** Files used within this time are not removed from the server's folders. */
const FRESH_MS = 600_000;

/** The chart folder, and the folder for documents passed between server and engine. */
export const trimOwnFolders: Adapters['trimFolders'] = ({ limits }, { folder, clock, log }) =>
  createTrimFolders({
    folders: [
      { path: folder.chartFolder, maxBytes: limits.dataBytes, restMs: FRESH_MS },
      // Documents that were not fetched by now are not needed any more.
      { path: folder.spillFolder, maxBytes: 0, restMs: FRESH_MS },
    ],
    clock,
    onError: (path, error) => log.warn({ path, err: error }, 'folder cleanup failed, will retry'),
  });

export const openAuditFile: Adapters['auditFile'] = ({ audit: { file } }) =>
  file === '' ? null : createAuditFile(file);

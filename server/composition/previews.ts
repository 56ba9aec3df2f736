import { createRevisionReader } from '../services/history/read-revision.ts';
import { createPreviewDelete, type PreviewDeleteDeps } from '../services/releases/preview/preview-delete.ts';
import {
  createPreviewDetach,
  createPreviewPause,
  type PreviewLifecycleDeps,
} from '../services/releases/preview/preview-lifecycle.ts';
import { createPreviewRollback } from '../services/releases/preview/preview-rollback.ts';

type PreviewDeps = Omit<PreviewDeleteDeps & PreviewLifecycleDeps, 'reader'> &
  Parameters<typeof createRevisionReader>[0];

/** Puts together everything that tells what a change would do. */
export function createPreviewServices(given: PreviewDeps) {
  const deps = { ...given, reader: createRevisionReader(given) };
  return {
    previewDelete: createPreviewDelete(deps),
    previewPause: createPreviewPause(deps),
    previewDetach: createPreviewDetach(deps),
    previewRollback: createPreviewRollback(deps),
  };
}

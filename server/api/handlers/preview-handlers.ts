import type { ReleasePreview } from '../../../contract/schemas/release-preview.ts';
import type { DryRunInput } from '../../services/releases/preview/render-dry-run.ts';
import type { HandlersOf } from './handler.ts';

/** The use cases of previews of installs and upgrades. */
export interface PreviewServices {
  readonly previewRelease: (input: DryRunInput, signal: AbortSignal) => Promise<ReleasePreview>;
}

/** The handler of the operation that previews an install or upgrade. */
export function createPreviewHandlers({ previewRelease }: PreviewServices): HandlersOf<'previewRelease'> {
  return {
    previewRelease: async ({ path, body, archive, query, caller, requestId, signal, warnings }) => {
      const { crds, forceConflicts, recreate, resetValues, ...rest } = query;
      const preview = await previewRelease(
        {
          ...path,
          ...rest,
          request: { ...body, ...(resetValues && { resetValues }) },
          ...(archive && { archive }),
          judged: {
            crds,
            ...(forceConflicts && { forceConflicts }),
            ...(recreate !== 'none' && { recreate }),
          },
          caller,
          requestId,
        },
        signal,
      );
      return { status: 200, body: { ...preview, warnings: [...warnings, ...preview.warnings] } };
    },
  };
}

import type { exportOperations } from '../../../../contract/operations/export-operations.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { shareOf } from '../../../domain/access/sharer.ts';
import type { ExportNamespace } from '../../../services/exports/export-namespace.ts';
import type { ExportProject } from '../../../services/exports/export-project.ts';
import type { ExportRelease } from '../../../services/exports/export-release.ts';
import { prefersToJson } from '../../answers/conditional-answer.ts';
import { warningsHeader } from '../../answers/warnings-header.ts';
import type { CallContext, HandlersOf } from '../handler.ts';

/** The use cases of exports. */
export interface ExportServices {
  readonly exportProject: ExportProject;
  readonly exportRelease: ExportRelease;
  readonly exportNamespace: ExportNamespace;
  /** A document as YAML; in a thread if it is large, which counts for `holder`. */
  readonly writeYaml: (input: { document: object }, holder: string) => Promise<{ text: string }>;
}

const YAML = 'application/yaml';

/** The handlers of the operations that write down what is there. */
export function createExportHandlers(services: ExportServices): HandlersOf<keyof typeof exportOperations> {
  async function answer<T extends object>(
    { accept, caller, warnings: own }: CallContext,
    { exported, warnings }: { exported: T; warnings: readonly Warning[] },
  ) {
    const headers = { ...warningsHeader([...own, ...warnings]), vary: 'Accept' };
    if (!prefersToJson(accept, YAML)) {
      return { status: 200, body: exported, headers } as const;
    }
    const { text } = await services.writeYaml({ document: exported }, shareOf(caller));
    const body = new TextEncoder().encode(text);
    return { status: 200, body, headers: { ...headers, 'content-type': YAML } } as const;
  }

  return {
    exportProject: async (call) => answer(call, await services.exportProject(inputOf(call), call.signal)),
    exportRelease: async (call) => answer(call, await services.exportRelease(inputOf(call), call.signal)),
    exportNamespace: async (call) => answer(call, await services.exportNamespace(inputOf(call), call.signal)),
  };
}

function inputOf<P extends object>({
  path,
  query: { secrets },
  caller,
  requestId,
}: CallContext & { path: P; query: { secrets: boolean } }) {
  return { ...path, secrets, caller, requestId };
}

import { createHelmEngine } from '../../adapters/engine/helm-engine.ts';
import { addressPolicy } from '../../config/address-policy.ts';
import { engineProgram } from '../../config/engine-program.ts';
import { jsonnetLibrary } from '../../config/jsonnet-library.ts';
import type { Adapters } from './adapters.ts';

/** Helm through the engine process, which is started at once. */
export const createEngine: Adapters['helm'] = ({ config, folder, seals, clock, log }) => {
  const { renderSec, archiveBytes, decompressedBytes, fileBytes, downloadBytes, recordBytes } = config.limits;
  return createHelmEngine({
    program: engineProgram(config.engine.path),
    chartFolder: folder.chartFolder,
    recordFolder: folder.recordFolder,
    jsonnetLibrary: jsonnetLibrary(config.jsonnetConfig.commonTemplateFilesPath),
    spillParent: folder.spillFolder,
    ...config.kubernetes,
    limits: { archiveBytes, decompressedBytes, fileBytes, downloadBytes, recordBytes, renderMs: renderSec * 1000 },
    addresses: addressPolicy(config),
    seals,
    clock,
    log,
  });
};

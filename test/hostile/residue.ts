import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ClusterObject, KubeClient } from '../harness/clients/kube-client.ts';

/** What an attack may leave behind. */
export interface Residue {
  /** Size of the server's folder without its log, in Mi. */
  diskMi: number;
  /** Bytes of Secrets, ConfigMaps and ReleaseConfigs in some namespaces, as the API server shows them, in Ki. */
  objectsKi: number;
  heapMi: number;
}

/** Places where something could be left behind. */
export interface ResiduePlaces {
  /** The server's folder. */
  folder: string;
  namespaces: readonly string[];
  /** The honest user's namespace: what Walm stores for it does not count as left behind. */
  honest: string;
}

/** Measures the folder and the objects of the namespaces. */
export async function lookForResidue(
  kube: Pick<KubeClient, 'list'>,
  { folder, namespaces, honest }: ResiduePlaces,
  heapMi: number,
): Promise<Residue> {
  const paths = namespaces.flatMap((namespace) => [
    `/api/v1/namespaces/${namespace}/secrets`,
    `/api/v1/namespaces/${namespace}/configmaps`,
    `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${namespace}/releaseconfigs`,
  ]);
  const objects = (await Promise.all(paths.map((path) => kube.list(path)))).flat();
  const bytes = objects
    .filter((object) => !isTaskOf(object, honest))
    .reduce((sum, object) => sum + JSON.stringify(object).length, 0);
  return { diskMi: sizeOf(folder) / 2 ** 20, objectsKi: bytes / 1024, heapMi };
}

/** Whether an object is a task about releases of a namespace. */
function isTaskOf({ metadata, ...rest }: ClusterObject, namespace: string): boolean {
  return rest['type'] === 'walm.io/task.v1' && metadata.labels?.['walm.io/namespace'] === namespace;
}

/** Bytes of all files below a folder, without logs; files that disappear meanwhile count as 0. */
function sizeOf(folder: string): number {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sum + sizeOf(path);
      return entry.name.endsWith('.log') ? sum : sum + lstatSync(path).size;
    }, 0);
  } catch {
    return 0;
  }
}

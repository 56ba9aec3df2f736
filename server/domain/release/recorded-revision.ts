import type { JsonObject } from '../json/json.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';
import type { SealState } from '../seals/seal-state.ts';
import type { SecretRules } from '../secrets/secret-values.ts';

/** The parts of a recorded Helm revision that a release record is computed from. Times are RFC 3339. */
export type RecordedRevision = {
  name: string;
  namespace: string;
  revision: number;
  status: HelmStatus;
  chartName: string;
  chartVersion: string;
  appVersion: string;
  updated: string;
  description: string;
  config: JsonObject;
  computedValues: JsonObject;
  notes: string;
  objects: readonly {
    apiVersion: string;
    kind: string;
    namespace: string;
    name: string;
    object: JsonObject;
    /** Identifies the content of a Job that removes itself when it is done. */
    digest?: string;
  }[];
  hooks?: readonly { kind: string; manifest: string; events?: readonly string[] }[];
  releaseConfig: JsonObject | null;
  schemas: SecretRules['schemas'];
  metaFiles: Readonly<Record<string, Uint8Array>>;
  seal: SealState;
};

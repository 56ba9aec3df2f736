import type { JsonObject } from '../../domain/json/json.ts';
import type { DocumentChanges, DocumentsOrigin, ManifestDocument } from '../../domain/kube/manifest-document.ts';
import type { HiddenSecrets, ShippedOutputs } from '../../domain/outputs/output-secrets.ts';

/** How the server changes documents between rendering and applying. */
export type DocumentTransform = {
  /** The engine waits for its result. A ProblemError that it throws or rejects with fails the operation. */
  run: (documents: readonly ManifestDocument[], origin: DocumentsOrigin) => DocumentChanges | Promise<DocumentChanges>;
  /** False: called only if the engine finds a kind or version that neither cluster nor chart defines. */
  always: boolean;
  /**
   * Hides secrets from what is recorded, once it is known what the chart puts into Secrets: in the outputs of its own
   * ReleaseConfig, and of Walm's; absent: nothing.
   */
  hideSecrets?: (shipped: ShippedOutputs) => HiddenSecrets | Promise<HiddenSecrets>;
};

/** What an install, an upgrade and a dry run have in common. */
export type ReleaseContent = {
  /** Digest of an archive in the chart folder. */
  chart: string;
  /** The user's values, complete: nothing of an earlier revision is reused. */
  values: JsonObject;
  /**
   * `values` twice with harmless texts, each time others, instead of outputs of other releases. If the rendered objects
   * differ in more than texts, the operation is refused: OUTPUT_SHAPES_OBJECTS. Absent: nothing has to be compared.
   */
  probes?: readonly JsonObject[];
  /** Appended to the manifest, merged with the one the chart ships under the release's name; absent: nothing is. */
  releaseConfig?: JsonObject;
  /** Helm's release labels. */
  labels?: Record<string, string>;
  disableHooks?: boolean;
  transform?: DocumentTransform;
};

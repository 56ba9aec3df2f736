import { Type } from 'typebox';

import { LABEL_VALUE } from '../../../contract/schemas/name-syntax.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import { asObject, valueAt } from '../json/json-reading.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { editDocuments } from './edit-documents.ts';
import { definePlugin, refused } from './plugin.ts';
import { checkMetadataKeys } from './metadata-args.ts';
import { editPodTemplate } from './pod-templates.ts';

const NAME = 'LabelPod';
/** Like in the original Walm; pods of Jobs are immutable. */
const KINDS = new Set(['Deployment', 'DaemonSet', 'StatefulSet']);

/** Adds labels and annotations to pods. */
export const labelPod = definePlugin({
  name: NAME,
  version: '1.0',
  description:
    'Adds labels and annotations to the pods of Deployments, DaemonSets and StatefulSets; one that is there already gets the new value. Selectors are not touched, and keys that Kubernetes, Helm, Walm or others act on are refused: harmless are keys without a domain and those of some domains (`allows` of CustomPatch).',
  args: Type.Object({
    labelsToAdd: Type.Optional(
      Type.Record(Type.String(), Type.String({ pattern: LABEL_VALUE }), { maxProperties: 100 }),
    ),
    annotationsToAdd: Type.Optional(Type.Record(Type.String(), Type.String(), { maxProperties: 100 })),
  }),
  example: { labelsToAdd: { team: 'shop' }, annotationsToAdd: { 'example.com/contact': 'shop@example.com' } },
  apply: (documents, { labelsToAdd = {}, annotationsToAdd = {} }, { metadataDomains }) => {
    checkMetadataKeys(NAME, { ...labelsToAdd }, metadataDomains);
    checkMetadataKeys(NAME, { ...annotationsToAdd }, metadataDomains);
    return editDocuments(documents, (document) => {
      if (!KINDS.has(document.kind)) {
        return document.object;
      }
      checkSelector(document, labelsToAdd);
      return editPodTemplate(document.object, (template) =>
        withEntries(withEntries(template, 'labels', labelsToAdd), 'annotations', annotationsToAdd),
      );
    });
  },
});

/**
 * A changed label that the workload's selector uses would detach the pod: Kubernetes refuses that, and so does this
 * plugin.
 */
function checkSelector(document: ManifestDocument, labels: Record<string, string>): void {
  const selected = asObject(valueAt(document.object, 'spec', 'selector', 'matchLabels'));
  const lost = Object.entries(labels).find(([key, value]) => Object.hasOwn(selected, key) && selected[key] !== value);
  if (lost !== undefined) {
    throw refused(
      NAME,
      `the label ${lost[0]} cannot be changed: ${document.kind} ${document.name} selects its pods by it`,
      document,
    );
  }
}

function withEntries(template: JsonObject, field: string, entries: Record<string, string>): JsonObject {
  const metadata = asObject(template['metadata']);
  const present = isJsonObject(metadata[field]) ? metadata[field] : {};
  const isThere = Object.entries(entries).every(
    ([key, value]) => Object.hasOwn(present, key) && present[key] === value,
  );
  return isThere ? template : { ...template, metadata: { ...metadata, [field]: { ...present, ...entries } } };
}

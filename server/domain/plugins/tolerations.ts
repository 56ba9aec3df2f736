import { Type } from 'typebox';
import { sortedJson } from '../json/sorted-json.ts';
import { asArray } from '../json/json-reading.ts';
import { editDocuments } from './edit-documents.ts';
import { definePlugin } from './plugin.ts';
import { editPodSpec } from './pod-templates.ts';
import { isSelected, workloads } from './workload-selection.ts';

const Toleration = Type.Object({
  key: Type.Optional(Type.String({ description: 'Empty with `Exists`: every taint.' })),
  operator: Type.Optional(Type.Union([Type.Literal('Exists'), Type.Literal('Equal')])),
  value: Type.Optional(Type.String()),
  effect: Type.Optional(
    Type.Union([Type.Literal('NoSchedule'), Type.Literal('PreferNoSchedule'), Type.Literal('NoExecute')]),
  ),
  tolerationSeconds: Type.Optional(Type.Integer()),
});

/** Lets pods run on tainted nodes. */
export const tolerations = definePlugin({
  name: 'Tolerations',
  version: '1.0',
  description:
    'Adds tolerations to the pods that the chart makes, those of hooks included, so that they may run on tainted nodes.',
  touchesHooks: true,
  args: Type.Object({ tolerations: Type.Array(Toleration, { minItems: 1, maxItems: 100 }), workloads }),
  example: { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'shop', effect: 'NoSchedule' }] },
  apply: (documents, args) =>
    editDocuments(documents, (document) =>
      isSelected(document, args.workloads)
        ? editPodSpec(document.object, (spec) => {
            const present = asArray(spec['tolerations']);
            const known = new Set(present.map(sortedJson));
            const missing = args.tolerations.filter((each) => {
              const text = sortedJson(each);
              return !known.has(text) && known.add(text);
            });
            return missing.length === 0 ? spec : { ...spec, tolerations: [...present, ...missing] };
          })
        : document.object,
    ),
});

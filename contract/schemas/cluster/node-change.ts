import { Type, type Static } from 'typebox';
import { described, nullable, TextMap } from '../json.ts';

/** Labels of a node to set and to remove. */
export const LabelChange = Type.Object(
  {
    addLabels: Type.Optional(described(TextMap, 'Labels to set; those that the node has get the new value.')),
    removeLabels: Type.Optional(
      Type.Array(Type.String(), { description: 'Keys of labels to remove; one that the node does not have is fine.' }),
    ),
  },
  { $id: 'LabelChange' },
);
export type LabelChange = Static<typeof LabelChange>;

/** Annotations of a node to set and to remove. */
export const AnnotationChange = Type.Object(
  {
    addAnnotations: Type.Optional(described(TextMap, 'Annotations to set; those that the node has get the new value.')),
    removeAnnotations: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Keys of annotations to remove; one that the node does not have is fine.',
      }),
    ),
  },
  { $id: 'AnnotationChange' },
);
export type AnnotationChange = Static<typeof AnnotationChange>;

const effect = Type.Union([Type.Literal('NoSchedule'), Type.Literal('PreferNoSchedule'), Type.Literal('NoExecute')], {
  description: '`NoExecute` also evicts the pods that are there and do not tolerate it.',
});

/** What keeps pods away from a node that do not tolerate it. */
const Taint = Type.Object({
  key: Type.String({ description: 'Key, as of a label.', maxLength: 317 }),
  value: Type.Optional(Type.String({ description: 'Value, as of a label; absent: empty.', maxLength: 63 })),
  effect,
});

/** Taints of a node to set and to remove. */
export const TaintChange = Type.Object(
  {
    addTaints: Type.Optional(
      Type.Array(Taint, {
        description: 'Taints to set; one of the same key and effect gets the new value.',
        maxItems: 100,
      }),
    ),
    removeTaints: Type.Optional(
      Type.Array(Type.Object({ key: Type.String({ maxLength: 317 }), effect: Type.Optional(effect) }), {
        description:
          'Taints to remove, without an effect those of all effects; one that the node does not have is fine.',
        maxItems: 100,
      }),
    ),
  },
  { $id: 'TaintChange' },
);
export type TaintChange = Static<typeof TaintChange>;

/** What a change of taints would do. */
export const TaintPreview = Type.Object(
  {
    taints: Type.Array(Type.Object({ key: Type.String(), value: Type.String(), effect: Type.String() }), {
      description: 'The taints that the node would have.',
    }),
    evicted: described(
      nullable(Type.Array(Type.Object({ namespace: Type.String(), name: Type.String() }))),
      'Pods on the node that would be evicted, at once or after the time that they tolerate it; null for callers who may not list the pods of all namespaces.',
    ),
  },
  { $id: 'TaintPreview' },
);
export type TaintPreview = Static<typeof TaintPreview>;

import { Type, type Static } from 'typebox';
import { AnyObject } from './json.ts';

/** A plugin as a request names it (decision 14). */
export const PluginRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'Compared without case; at most once in a request.' }),
    args: Type.Optional(
      Type.Union([Type.String({ description: 'A JSON document as text, or empty for the defaults.' }), AnyObject], {
        description: 'Arguments: an object, or its JSON text as the original Walm wanted it.',
      }),
    ),
    version: Type.Optional(Type.String({ description: 'Recorded; the plugins of this Walm have one version each.' })),
    disable: Type.Optional(Type.Boolean({ description: 'True removes the plugin from the release.' })),
  },
  { $id: 'PluginRequest', description: 'A plugin to apply to what the chart renders.' },
);
export type PluginRequest = Static<typeof PluginRequest>;

/** A plugin as a release records it. */
export const ReleasePlugin = Type.Object(
  {
    name: Type.String({ description: 'Name of the plugin.' }),
    args: Type.String({ description: 'A JSON document as text.' }),
    version: Type.String({ description: 'As the request said it.' }),
    disable: Type.Boolean({ description: 'True: it is recorded and not applied.' }),
  },
  { $id: 'ReleasePlugin' },
);
export type ReleasePlugin = Static<typeof ReleasePlugin>;

/** What Walm says of a plugin that it has. */
export const PluginInfo = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    description: Type.String({ description: 'What it does, in Markdown.' }),
    args: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'JSON schema of its arguments.' }),
    example: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'Arguments that could be given.' }),
    builtIn: Type.Boolean({ description: 'Part of every release: it needs not be named.' }),
    needsArgs: Type.Boolean({ description: 'Without arguments it has no effect.' }),
    touchesHooks: Type.Boolean({ description: "It also changes the chart's hooks." }),
    allows: Type.Optional(
      Type.Array(
        Type.Object({
          kinds: Type.Array(Type.String(), { description: 'Kinds of objects.' }),
          path: Type.String({
            description:
              'JSON pointer into the object; `*` is every entry. `{pod}` is where the kind keeps the template of its pods: `/spec/template`, of a CronJob `/spec/jobTemplate/spec/template`, of a Pod the object itself.',
          }),
          values: Type.String({ description: 'What may become of what lies there, in words.' }),
        }),
        { description: 'All that it may change in objects of the chart, where its arguments say so freely.' },
      ),
    ),
  },
  { $id: 'PluginInfo', description: 'A plugin that Walm has.' },
);
export type PluginInfo = Static<typeof PluginInfo>;

/** The plugins that Walm has. */
export const PluginInfoList = Type.Object({ items: Type.Array(PluginInfo) }, { $id: 'PluginInfoList' });
export type PluginInfoList = Static<typeof PluginInfoList>;

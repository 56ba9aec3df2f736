import { Type, type Static } from 'typebox';
import { AnyObject } from './json.ts';

/** A plugin in a request (decision 14: plugin arguments and names). */
export const PluginRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'Name of the plugin, ignoring case; at most once in a request.' }),
    args: Type.Optional(
      Type.Union([Type.String({ description: 'A JSON document as a string, or empty for the defaults.' }), AnyObject], {
        description: 'Arguments: an object, or its JSON as a string, as the original Walm expected.',
      }),
    ),
    version: Type.Optional(Type.String({ description: 'Recorded only; each plugin has a single version.' })),
    disable: Type.Optional(Type.Boolean({ description: 'True removes the plugin from the release.' })),
  },
  { $id: 'PluginRequest', description: 'A plugin that changes the rendered manifest.' },
);
export type PluginRequest = Static<typeof PluginRequest>;

/** A plugin as a release records it. */
export const ReleasePlugin = Type.Object(
  {
    name: Type.String({ description: 'Name of the plugin.' }),
    args: Type.String({ description: 'A JSON document as a string.' }),
    version: Type.String({ description: 'Version given in the request.' }),
    disable: Type.Boolean({ description: 'True if the plugin is recorded but not applied.' }),
  },
  { $id: 'ReleasePlugin' },
);
export type ReleasePlugin = Static<typeof ReleasePlugin>;

/** The description of a plugin. */
export const PluginInfo = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    description: Type.String({ description: 'What the plugin does, in Markdown.' }),
    args: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'JSON schema of its arguments.' }),
    example: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'Example arguments.' }),
    builtIn: Type.Boolean({ description: 'True if the plugin is part of every release without being named.' }),
    needsArgs: Type.Boolean({ description: 'True if the plugin has no effect without arguments.' }),
    touchesHooks: Type.Boolean({ description: "True if the plugin also changes the chart's hooks." }),
    allows: Type.Optional(
      Type.Array(
        Type.Object({
          kinds: Type.Array(Type.String(), { description: 'Kinds of objects.' }),
          path: Type.String({
            description:
              'JSON pointer into the object; `*` matches every entry. `{pod}` stands for the pod template of the kind: `/spec/template`, for a CronJob `/spec/jobTemplate/spec/template`, for a Pod the object itself.',
          }),
          values: Type.String({ description: 'Allowed changes of the field, in words.' }),
        }),
        {
          description:
            "All fields of the chart's objects that the plugin may change, if its arguments can name arbitrary fields.",
        },
      ),
    ),
  },
  { $id: 'PluginInfo', description: 'A plugin of Walm.' },
);
export type PluginInfo = Static<typeof PluginInfo>;

/** The available plugins. */
export const PluginInfoList = Type.Object({ items: Type.Array(PluginInfo) }, { $id: 'PluginInfoList' });
export type PluginInfoList = Static<typeof PluginInfoList>;

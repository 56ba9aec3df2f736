import { Type } from 'typebox';
import { definePlugin } from './plugin.ts';

/**
 * Listed because the original Walm listed it. It does nothing: the engine appends the ReleaseConfig, after all plugins,
 * and enforces the rule there, without a callback.
 */
export const validateReleaseConfig = definePlugin({
  name: 'ValidateReleaseConfig',
  version: '1.0',
  description:
    'Makes sure that the release has exactly one ReleaseConfig, named like the release: one that the chart ships under that name is merged into it (its `outputConfig`, and its labels where Walm has none), others are left out. Part of every release; it needs not be named.',
  builtIn: true,
  needsArgs: false,
  args: Type.Object({}),
  example: {},
  apply: () => ({ changed: [], added: [], warnings: [] }),
});

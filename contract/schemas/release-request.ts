import { Type, type Static } from 'typebox';
import { AnyObject, described, TextMap } from './json.ts';
import { MetaInfoParams } from './metainfo.ts';
import { PluginRequest } from './plugin.ts';
import { ReleaseStrategy } from './release-strategy.ts';

/**
 * The body of install, upgrade and dry run. Field names match case-insensitively and null counts as absent, like in the
 * original's decoder; unknown fields are ignored with a warning (decision 13: unknown fields are warnings).
 */
export const ReleaseRequest = Type.Object(
  {
    name: Type.Optional(
      Type.String({ description: 'Name of the release; with an archive the form field `release` takes precedence.' }),
    ),
    repoName: Type.Optional(
      Type.String({
        description:
          'Configured repository; empty: `stable`. In an upgrade without `chartName`: the present chart of the release, from this repository.',
      }),
    ),
    chartName: Type.Optional(Type.String({ description: 'Name of the chart in the repository.' })),
    chartVersion: Type.Optional(
      Type.String({
        description:
          'Version, or range such as `~6.1`; empty: the newest version that is not a pre-release. In an upgrade without `chartName`: the present chart of the release, at this version.',
      }),
    ),
    chartImage: Type.Optional(
      Type.String({
        description: 'OCI reference, with or without `oci://`, by tag or digest. Takes precedence over the repository.',
      }),
    ),
    configValues: Type.Optional(
      described(
        AnyObject,
        "The user's values: above the chart's and what is injected; an upgrade merges them into the recorded ones. `***` leaves a secret as it is.",
      ),
    ),
    unset: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 10_000,
        description:
          'Paths of recorded configValues to discard before merging those of the request: keys separated by dots, `\\.` for a dot within a key.',
      }),
    ),
    resetValues: Type.Optional(Type.Boolean({ description: 'Discard all recorded configValues first.' })),
    dependencies: Type.Optional(
      described({ ...TextMap, maxProperties: 1000 }, 'Key → `release` or `namespace/release`.'),
    ),
    releaseLabels: Type.Optional(
      described(
        { ...TextMap, maxProperties: 1000 },
        'Labels of the release, for label selectors; an upgrade merges them with the recorded ones, and an empty value removes a label.',
      ),
    ),
    outputs: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        ...TextMap,
        maxProperties: 1000,
        description:
          'Outputs that the release publishes to its dependents: name → expression such as `service:web.address`; an empty expression removes the output.',
      }),
    ),
    plugins: Type.Optional(
      Type.Array(PluginRequest, {
        maxItems: 100,
        description: 'Plugins, applied in this order; an upgrade keeps recorded plugins that it does not name.',
      }),
    ),
    strategy: Type.Optional(ReleaseStrategy),
    onFailure: Type.Optional(
      Type.Union([Type.Literal('hold'), Type.Literal('pause'), Type.Literal('rollback'), Type.Literal('none')], {
        description:
          'Reaction to a failed rollout, whether or not a caller waits for it. `hold`: no further pod is updated and old pods keep serving. `pause`: like the pause operation. `rollback`: roll back to the previous revision. A rollout fails when a Deployment exceeds its progressDeadlineSeconds, or a new pod cannot start for rolloutDeadlineSec.',
      }),
    ),
    metaInfoParams: Type.Optional(MetaInfoParams),
  },
  { $id: 'ReleaseRequest', description: 'The chart to install, and its values.' },
);
export type ReleaseRequest = Static<typeof ReleaseRequest>;

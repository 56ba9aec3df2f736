import { Type, type Static } from 'typebox';
import { AnyObject, described, TextMap } from './json.ts';
import { MetaInfoParams } from './metainfo.ts';
import { PluginRequest } from './plugin.ts';
import { ReleaseStrategy } from './release-strategy.ts';

/**
 * The body of install, upgrade and dry run. Field names match without case and null counts as absent, as the
 * original's decoder had it; unknown fields are ignored with a warning (decision 13).
 */
export const ReleaseRequest = Type.Object(
  {
    name: Type.Optional(
      Type.String({ description: 'Name of the release; with an archive the form field `release` wins.' }),
    ),
    repoName: Type.Optional(
      Type.String({
        description:
          'Configured repository; empty is `stable`. In an upgrade without `chartName`: the chart that the release has, from this repository.',
      }),
    ),
    chartName: Type.Optional(Type.String({ description: 'Name of the chart in the repository.' })),
    chartVersion: Type.Optional(
      Type.String({
        description:
          'Version, or range such as `~6.1`; empty is the newest version that is not a pre-release. In an upgrade without `chartName`: the chart that the release has, at this version.',
      }),
    ),
    chartImage: Type.Optional(
      Type.String({
        description: 'OCI reference, with or without `oci://`, by tag or digest. Wins over the repository.',
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
          'Paths of recorded configValues to forget before those of the request are merged in: keys divided by dots, `\\.` for a dot within a key.',
      }),
    ),
    resetValues: Type.Optional(Type.Boolean({ description: 'Forget all recorded configValues first.' })),
    dependencies: Type.Optional(
      described({ ...TextMap, maxProperties: 1000 }, 'Key → `release` or `namespace/release`.'),
    ),
    releaseLabels: Type.Optional(
      described({ ...TextMap, maxProperties: 1000 }, 'Labels to select releases by; an upgrade merges them.'),
    ),
    outputs: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        ...TextMap,
        maxProperties: 1000,
        description:
          'What the release publishes to those that depend on it: name → expression such as `service:web.address`; an empty expression removes the output.',
      }),
    ),
    plugins: Type.Optional(
      Type.Array(PluginRequest, {
        maxItems: 100,
        description: 'Run in this order; an upgrade keeps those that it does not name.',
      }),
    ),
    strategy: Type.Optional(ReleaseStrategy),
    onFailure: Type.Optional(
      Type.Union([Type.Literal('hold'), Type.Literal('pause'), Type.Literal('rollback'), Type.Literal('none')], {
        description:
          'What happens when the rollout fails, whether or not anybody waits for it. `hold`: nothing is updated any further and old pods go on serving. `pause`: as the pause operation. `rollback`: back to the revision before. A rollout fails when a Deployment gives up (progressDeadlineSeconds), or a new pod cannot start for rolloutDeadlineSec.',
      }),
    ),
    metaInfoParams: Type.Optional(MetaInfoParams),
  },
  { $id: 'ReleaseRequest', description: 'What to install, with which values.' },
);
export type ReleaseRequest = Static<typeof ReleaseRequest>;

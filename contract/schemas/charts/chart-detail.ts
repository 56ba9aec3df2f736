import { Type, type Static } from 'typebox';
import { AnyObject, described, nullable } from '../json.ts';
import { ChartMetaInfo } from './chart-metainfo.ts';

const ChartDependency = Type.Object({
  name: Type.String(),
  version: Type.String({ description: 'Version or range that Chart.yaml asks for.' }),
  repository: Type.String(),
  alias: Type.String(),
  condition: Type.String(),
  bundled: Type.Boolean({ description: 'Whether the archive contains it.' }),
});

const Maintainer = Type.Object({ name: Type.String(), email: Type.String(), url: Type.String() });

const InstalledRelease = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  chartVersion: Type.String(),
});

/** Everything that is known of one version of a chart. Texts are the chart author's: show them as text. */
export const ChartDetail = Type.Object(
  {
    chartName: Type.String(),
    chartVersion: Type.String(),
    chartDescription: Type.String(),
    chartAppVersion: Type.String(),
    chartEngine: Type.String({ description: 'Always `transwarp`, for compatibility with the original Walm.' }),
    defaultValue: Type.String({ description: 'values.yaml as JSON text with sorted keys; empty if it is empty.' }),
    metaInfo: nullable(ChartMetaInfo),
    digest: Type.String({ description: 'sha256 of the archive, hexadecimal: the `chartDigest` of requests.' }),
    bytes: Type.Integer({ description: 'Size of the archive.' }),
    repoName: Type.String({ description: 'Repository; empty for images and uploads.' }),
    chartImage: Type.String({ description: 'Image; empty for repositories and uploads.' }),
    created: nullable(
      Type.String({ description: 'RFC 3339, as the repository or registry says; null if it does not.' }),
    ),
    deprecated: Type.Boolean(),
    type: Type.String({ description: '`application` or `library`.' }),
    engine: Type.Union([Type.Literal('helm'), Type.Literal('jsonnet')]),
    values: described(AnyObject, 'values.yaml, parsed; numbers beyond 2^53 are texts.'),
    valuesText: Type.String({ description: 'values.yaml as it is written, with its comments.' }),
    schema: described(nullable(AnyObject), 'values.schema.json of the chart itself; null if it has none.'),
    readme: Type.String(),
    kubeVersion: Type.String({ description: 'Range of Kubernetes versions; empty: any.' }),
    home: Type.String({ description: 'An http or https address, or empty.' }),
    icon: Type.String({ description: "Chart.yaml's icon: an http or https address, or empty." }),
    sources: Type.Array(Type.String()),
    keywords: Type.Array(Type.String()),
    maintainers: Type.Array(Maintainer),
    dependencies: Type.Array(ChartDependency),
    crds: Type.Array(Type.Object({ name: Type.String(), file: Type.String() })),
    hasIcon: Type.Boolean({ description: 'Whether `…/icon` has one.' }),
    hasAdvantage: Type.Boolean({ description: 'Whether `…/advantage` has one.' }),
    hasArchitecture: Type.Boolean({ description: 'Whether `…/architecture` has one.' }),
    notInstallable: Type.String({ description: 'Why it cannot be installed; empty if it can.' }),
    installed: Type.Array(InstalledRelease, {
      description: 'Releases of a chart of this name that the caller may list, at most 100.',
    }),
    leftOut: Type.Array(Type.String(), {
      description: 'Fields that are cut or empty because what the chart has is larger than an answer takes.',
    }),
  },
  { $id: 'ChartDetail' },
);
export type ChartDetail = Static<typeof ChartDetail>;

import type { JsonObject } from '../../domain/json/json.ts';

/** Credentials and trusted CAs for a repository or registry. Never logged, never part of a problem. */
export type SourceAccess = {
  username?: string;
  password?: string;
  /** PEM of the CA that signed the server's certificate, in addition to the system's. */
  caPem?: string;
  insecureSkipTlsVerify?: boolean;
};

/** A classic Helm repository: `url` is the folder that contains index.yaml. */
export type RepositorySource = SourceAccess & {
  url: string;
  bearerToken?: string;
  /** Also send the credentials to other hosts that the index points to; Helm's `--pass-credentials`. */
  passCredentialsAll?: boolean;
};

/** Where a chart comes from. An empty `version` means the newest stable one. */
export type ChartSource =
  | (RepositorySource & { kind: 'repository'; chart: string; version: string })
  | (SourceAccess & {
      kind: 'oci';
      /** `host/repository:tag` or `host/repository@sha256:…`, with or without `oci://`. */
      reference: string;
      plainHttp?: boolean;
    })
  /** A chart folder on the engine's machine, packed like `helm package`; never from a request. */
  | { kind: 'folder'; folder: string };

/** A chart archive in the shared chart folder. */
export type StoredChart = {
  /** Hexadecimal sha256 of the archive's bytes, without a prefix. */
  digest: string;
  /** Size of the archive in bytes. */
  bytes: number;
  name: string;
  version: string;
};

/**
 * A fetched chart, the exact reference by which it was fetched, and when it was made as its source says (RFC 3339, or
 * empty).
 */
export type FetchedChart = StoredChart & { reference: string; created: string };

/**
 * One version in a repository's index. `created` is RFC 3339 or empty, `icon` a web address or empty; `keywords` are joined
 * by spaces.
 */
export type RepositoryChartVersion = {
  version: string;
  appVersion: string;
  description: string;
  created: string;
  digest: string;
  deprecated: boolean;
  icon: string;
  keywords: string;
};

/** A chart in a repository's index, newest version first. */
export type RepositoryChart = { name: string; versions: RepositoryChartVersion[] };

/** A position in an index: after this many versions of a chart. */
export type IndexPosition = { chart: string; versions: number };

/** The requested part of an index, from the beginning or after another page. */
export type IndexPart = {
  /** Only this chart. */
  chart?: string;
  from?: IndexPosition;
  /** The index of the earlier pages: the repository is not asked again while the engine has it. */
  index?: string;
  /** Maximum versions of the page. */
  versions?: number;
  /** Words that a chart must have in name, keywords or description. */
  query?: string;
  /** Only the newest version of each chart that is not a pre-release, else its newest. */
  latest?: boolean;
  /** The best matches of `query` first, in one page. */
  ranked?: boolean;
  /** Only these charts; absent or empty: all. */
  names?: readonly string[];
  /**
   * Only the newest version of each chart that is not a pre-release and runs on a cluster of this version; charts without
   * one are left out. For `unknown`, only versions that need none run.
   */
  stableFor?: string;
  /** Of the index in the engine's memory, however old; without one the page is empty. The repository is not asked. */
  inMemory?: boolean;
  /** For how many seconds an index is used without asking the repository whether it has changed. */
  freshSec?: number;
};

/** An entry of an index that is skipped because it is not a valid chart version; `version` is empty if it has none. */
export type SkippedEntry = { chart: string; version: string; reason: string };

/** A page of an index; `next` is where the next page begins, null at the end. */
export type RepositoryPage = {
  charts: RepositoryChart[];
  index: string;
  next: IndexPosition | null;
  /** For the whole index: the number of skipped entries, and the first of them. */
  skipped: { entries: SkippedEntry[]; count: number };
  /** How many versions all pages have together. */
  total: number;
  /** How many charts the whole index has. */
  chartCount: number;
};

/** `values.schema.json` of the chart (`path` empty) or of the subchart whose values are at `path`. */
export type ValuesSchema = { path: string[]; schema: JsonObject };

/** What a chart archive contains, before any rendering. */
export type ChartDetails = {
  digest: string;
  name: string;
  version: string;
  appVersion: string;
  description: string;
  /** `Chart.yaml` unchanged, with Helm's key names. */
  metadata: JsonObject;
  /** `values.yaml` parsed (numbers beyond 2^53 as text) and as written. */
  values: JsonObject;
  valuesText: string;
  schemas: ValuesSchema[];
  readme: string;
  license: string;
  /** Bytes of the files below `transwarp-meta/`, by their name there. */
  metaFiles: Record<string, Uint8Array>;
  crds: { name: string; file: string }[];
  engine: 'helm' | 'jsonnet';
  /** Paths of the chart's own templates. */
  templates: string[];
  /** Names of the subcharts in the archive. */
  bundledDependencies: string[];
  /** Words with which its templates could read values; null: too many, or the chart has no metainfo. */
  readWords: string[] | null;
  /** Why the chart cannot be installed; empty if it can. */
  notInstallable: string;
};

/** A fault that a chart shows when it is rendered. */
export type ChartFault = { code: string; message: string; details: JsonObject };

/** What a chart renders to with one of its values files: `values.yaml`, or a file below `ci/`. */
export type LintedCase = {
  file: string;
  /** Empty if it renders. */
  faults: ChartFault[];
  /** There were too many, or no time. */
  isLeftOut: boolean;
};

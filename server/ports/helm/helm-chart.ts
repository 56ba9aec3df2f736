import type { JsonObject } from '../../domain/json/json.ts';

/** How to authenticate to, and how far to trust, a repository or registry. Never logged, never part of a problem. */
export type SourceAccess = {
  username?: string;
  password?: string;
  /** PEM of the authority that signed the server's certificate, beside the system's. */
  caPem?: string;
  insecureSkipTlsVerify?: boolean;
};

/** A classic Helm repository: `url` is the folder that holds index.yaml. */
export type RepositorySource = SourceAccess & {
  url: string;
  bearerToken?: string;
  /** Send the credentials to other hosts that the index points to as well; Helm's `--pass-credentials`. */
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
  /** A chart's folder on the engine's machine, packed as `helm package` does; never from a request. */
  | { kind: 'folder'; folder: string };

/** A chart archive that lies in the shared chart folder. */
export type StoredChart = {
  /** Hexadecimal sha256 of the archive's bytes, without a prefix. */
  digest: string;
  /** Size of the archive in bytes. */
  bytes: number;
  name: string;
  version: string;
};

/** A fetched chart, and the exact reference it was fetched by. */
export type FetchedChart = StoredChart & { reference: string };

/** One version in a repository's index. `created` is RFC 3339 or empty. */
export type RepositoryChartVersion = {
  version: string;
  appVersion: string;
  description: string;
  created: string;
  digest: string;
  deprecated: boolean;
};

/** A chart in a repository's index, newest version first. */
export type RepositoryChart = { name: string; versions: RepositoryChartVersion[] };

/** Behind so many versions of a chart in an index. */
export type IndexPosition = { chart: string; versions: number };

/** Which part of an index is asked for: all of it, or only of one chart, from the beginning or behind another page. */
export type IndexPart = { chart?: string; from?: IndexPosition; index?: string };

/** An entry of an index that is left out, as it is no version of a chart; `version` is empty where it has none. */
export type SkippedEntry = { chart: string; version: string; reason: string };

/** A page of an index; `next` is where the next one begins, null at the end. */
export type RepositoryPage = {
  charts: RepositoryChart[];
  index: string;
  next: IndexPosition | null;
  /** Of the whole index: how many entries are left out, and the first of them. */
  skipped: { entries: SkippedEntry[]; count: number };
};

/** `values.schema.json` of the chart (`path` empty) or of the subchart whose values lie at `path`. */
export type ValuesSchema = { path: string[]; schema: JsonObject };

/** What a chart archive says about itself, before any rendering. */
export type ChartDetails = {
  digest: string;
  name: string;
  version: string;
  appVersion: string;
  description: string;
  /** `Chart.yaml` as it stands, with Helm's key names. */
  metadata: JsonObject;
  /** `values.yaml` parsed (numbers beyond 2^53 as text) and as written. */
  values: JsonObject;
  valuesText: string;
  schemas: ValuesSchema[];
  readme: string;
  /** Bytes of the files below `transwarp-meta/`, by their name there. */
  metaFiles: Record<string, Uint8Array>;
  crds: { name: string; file: string }[];
  engine: 'helm' | 'jsonnet';
  /** Paths of the chart's own templates. */
  templates: string[];
  /** Names of the subcharts that lie in the archive. */
  bundledDependencies: string[];
  /** Words by which its templates could read values; null: too many, or it has no metainfo. */
  readWords: string[] | null;
};

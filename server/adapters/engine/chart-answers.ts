import { Buffer } from 'node:buffer';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonValue } from '../../domain/json/json.ts';
import { asString } from '../../domain/json/json-reading.ts';
import type {
  ChartDetails,
  FetchedChart,
  LintedCase,
  RepositoryPage,
  StoredChart,
  ValuesSchema,
} from '../../ports/helm/helm-chart.ts';
import { answerNotUnderstood } from './engine-problem.ts';
import { jsonObject, text, textMap, texts } from './json-schemas.ts';
import { type SpillFolder, spilledText } from './spilled-text.ts';

/** The engine writes digests with their algorithm, the rest of Walm without. */
const digestPrefix = 'sha256:';

export function toEngineDigest(digest: string): string {
  return digest.startsWith(digestPrefix) ? digest : digestPrefix + digest;
}

function fromEngineDigest(digest: string): string {
  return digest.slice(digestPrefix.length);
}

const archive = { digest: Type.String({ pattern: '^sha256:' }), bytes: Type.Integer(), name: text, version: text };
const storedChart = Compile(Type.Object(archive));
const fetchedChart = Compile(Type.Object({ ...archive, reference: text, created: text }));

export function parseStoredChart(answer: unknown): StoredChart {
  if (!storedChart.Check(answer)) throw answerNotUnderstood('chart/check');
  const { digest, bytes, name, version } = answer;
  return { digest: fromEngineDigest(digest), bytes, name, version };
}

export function parseFetchedChart(answer: unknown): FetchedChart {
  if (!fetchedChart.Check(answer)) throw answerNotUnderstood('chart/fetch');
  return { ...parseStoredChart(answer), reference: answer.reference, created: answer.created };
}

/** A schema that cannot be used is missing, with the reason in `problem`. */
export const wireSchemas = Type.Array(
  Type.Object({ path: texts, schema: Type.Unknown(), problem: Type.Optional(text) }),
);

const objectSchema = Compile(jsonObject);

/** The schemas that are objects; `true` and `false` are schemas too, but restrict nothing. */
export function valuesSchemas(wire: Static<typeof wireSchemas>): ValuesSchema[] {
  return wire.flatMap(({ path, schema }) => (objectSchema.Check(schema) ? [{ path, schema }] : []));
}

export function metaFiles(wire: Record<string, string>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(wire).map(([name, base64]) => [name, Buffer.from(base64, 'base64')]));
}

const inspection = Compile(
  Type.Object({
    digest: text,
    metadata: jsonObject,
    values: jsonObject,
    valuesText: text,
    schemas: wireSchemas,
    readme: text,
    license: text,
    metaFiles: textMap,
    crds: Type.Array(Type.Object({ name: text, file: text })),
    engine: Type.Enum(['helm', 'jsonnet']),
    templates: texts,
    bundledDependencies: texts,
    readWords: Type.Optional(texts),
    notInstallable: text,
  }),
);

export function parseChartDetails(answer: JsonValue): ChartDetails {
  if (!inspection.Check(answer)) throw answerNotUnderstood('chart/inspect');
  const { metadata, values, valuesText, readme, crds, engine, templates, bundledDependencies, readWords } = answer;
  return {
    digest: fromEngineDigest(answer.digest),
    name: asString(metadata['name']),
    version: asString(metadata['version']),
    appVersion: asString(metadata['appVersion']),
    description: asString(metadata['description']),
    metadata,
    values,
    valuesText,
    schemas: valuesSchemas(answer.schemas),
    readme,
    license: answer.license,
    metaFiles: metaFiles(answer.metaFiles),
    crds,
    engine,
    templates,
    bundledDependencies,
    readWords: readWords ?? null,
    notInstallable: answer.notInstallable,
  };
}

const lintedCases = Compile(
  Type.Array(
    Type.Object({
      file: text,
      faults: Type.Array(Type.Object({ code: text, message: text, details: Type.Optional(jsonObject) })),
      isLeftOut: Type.Optional(Type.Boolean()),
    }),
  ),
);

export function parseLintedCases(answer: JsonValue): LintedCase[] {
  if (!lintedCases.Check(answer)) throw answerNotUnderstood('chart/lint');
  return answer.map(({ file, faults, isLeftOut = false }) => ({
    file,
    faults: faults.map(({ code, message, details = {} }) => ({ code, message, details })),
    isLeftOut,
  }));
}

const repositoryCharts = Compile(
  Type.Array(
    Type.Object({
      name: text,
      versions: Type.Array(
        Type.Object({
          version: text,
          appVersion: text,
          description: text,
          created: text,
          digest: text,
          deprecated: Type.Boolean(),
          icon: text,
          keywords: text,
        }),
      ),
    }),
  ),
);

const repositoryPage = Compile(
  Type.Object({
    charts: spilledText,
    index: text,
    next: Type.Union([Type.Object({ chart: text, versions: Type.Integer() }), Type.Null()]),
    skipped: Type.Object({
      entries: Type.Array(Type.Object({ chart: text, version: text, reason: text })),
      count: Type.Integer(),
    }),
    total: Type.Integer(),
    chartCount: Type.Integer(),
  }),
);

export async function parseRepositoryPage(answer: unknown, spill: SpillFolder): Promise<RepositoryPage> {
  if (!repositoryPage.Check(answer)) throw answerNotUnderstood('repository/index');
  const charts = await spill.json(answer.charts);
  if (!repositoryCharts.Check(charts)) throw answerNotUnderstood('repository/index');
  return { ...answer, charts };
}

import type { ChartDetail } from '../../../contract/schemas/charts/chart-detail.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { createReadingBudget } from '../../domain/bounds/reading-budget.ts';
import type { JsonObject, JsonValue } from '../../domain/json/json.ts';
import { asArray, asObjects, asString } from '../../domain/json/json-reading.ts';
import { sortedJson } from '../../domain/json/sorted-json.ts';
import { describeMetainfo } from '../../domain/metainfo/describe-metainfo.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import type { ChartDetails } from '../../ports/helm/helm-chart.ts';

/** What one answer has of a chart: values of a document, characters of a text, entries of a list. */
const MAX_VALUES = 50_000;
const MAX_TEXT = 1024 * 1024;
const MAX_ENTRIES = 200;
const MAX_LINE = 2_000;

/** The fields that a chart archive itself tells. */
export type ArchiveDetail = Omit<ChartDetail, 'bytes' | 'repoName' | 'chartImage' | 'created' | 'installed'>;

/** Names of the files of `transwarp-meta/` that have a route of their own. */
export const CHART_PAGES = {
  icon: 'icon.svg',
  advantage: 'advantage.html',
  architecture: 'architecture.html',
} as const;

/**
 * What a chart says of itself, bounded: large documents are left out, large texts are cut, and `leftOut` names both.
 * Addresses are http or https.
 */
export function describeArchive(details: ChartDetails, memoryUnit: MemoryUnit): ArchiveDetail {
  const leftOut: string[] = [];
  const text = (name: string, full: string) => {
    if (full.length > MAX_TEXT) leftOut.push(name);
    return cutName(full, MAX_TEXT);
  };
  const fits = (name: string, document: JsonValue) => {
    const isSmall = createReadingBudget(MAX_VALUES).allows(document);
    if (!isSmall) leftOut.push(name);
    return isSmall;
  };
  const entries = <T>(name: string, all: readonly T[]) => {
    if (all.length > MAX_ENTRIES) leftOut.push(name);
    return all.slice(0, MAX_ENTRIES);
  };
  const { metadata, metaFiles } = details;
  const line = (name: string) => cutName(asString(metadata[name]), MAX_LINE);
  const lines = (name: string) =>
    entries(name, asArray(metadata[name])).map((entry) => cutName(asString(entry), MAX_LINE));
  const values = fits('values', details.values) ? details.values : {};
  const own = details.schemas.find(({ path }) => path.length === 0)?.schema;
  const has = (name: string) => Object.hasOwn(metaFiles, name);
  return {
    chartName: line('name'),
    chartVersion: line('version'),
    chartDescription: line('description'),
    chartAppVersion: line('appVersion'),
    chartEngine: 'transwarp',
    defaultValue: Object.keys(values).length === 0 ? '' : goJson(values),
    metaInfo: describeMetainfo({ metaFiles, values: details.values }, memoryUnit),
    digest: details.digest,
    deprecated: metadata['deprecated'] === true,
    type: line('type') || 'application',
    engine: details.engine,
    values,
    valuesText: text('valuesText', details.valuesText),
    schema: own !== undefined && fits('schema', own) ? own : null,
    readme: text('readme', details.readme),
    kubeVersion: line('kubeVersion'),
    home: webAddress(metadata['home']),
    icon: webAddress(metadata['icon']),
    sources: lines('sources').map(webAddress).filter(Boolean),
    keywords: lines('keywords'),
    maintainers: entries('maintainers', asObjects(metadata['maintainers'])).map(({ name, email, url }) => ({
      name: cutName(asString(name)),
      email: cutName(asString(email)),
      url: webAddress(url),
    })),
    dependencies: entries('dependencies', asObjects(metadata['dependencies'])).map((dependency) =>
      describeDependency(dependency, details.bundledDependencies),
    ),
    crds: entries('crds', details.crds).map(({ name, file }) => ({ name: cutName(name), file: cutName(file) })),
    hasIcon: has(CHART_PAGES.icon),
    hasAdvantage: has(CHART_PAGES.advantage),
    hasArchitecture: has(CHART_PAGES.architecture),
    notInstallable: cutName(details.notInstallable, MAX_LINE),
    leftOut,
  };
}

function describeDependency(dependency: JsonObject, bundled: readonly string[]): ChartDetail['dependencies'][number] {
  const line = (name: string) => cutName(asString(dependency[name]));
  return {
    name: line('name'),
    version: line('version'),
    repository: line('repository'),
    alias: line('alias'),
    condition: line('condition'),
    bundled: bundled.includes(asString(dependency['name'])),
  };
}

/** An address that a browser may be given; empty if it is anything else. */
function webAddress(value: JsonValue | undefined): string {
  const text = asString(value);
  return /^https?:\/\//i.test(text) && text.length <= MAX_LINE && URL.canParse(text) ? text : '';
}

/** As Go writes JSON: sorted, and safe inside HTML. */
function goJson(values: JsonObject): string {
  return sortedJson(values).replaceAll(/[<>&\u2028\u2029]/g, (letter) => {
    const code = letter.charCodeAt(0).toString(16);
    return `\\u${code.padStart(4, '0')}`;
  });
}

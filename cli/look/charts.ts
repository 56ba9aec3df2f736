import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { readChart } from '../files/chart-archive.ts';
import { chartPath, DEFAULT_REPOSITORY } from '../files/chart-path.ts';
import type { Walm } from '../http/walm.ts';
import { ageOf } from '../render/age.ts';
import { at, listAt, textAt } from '../render/read-value.ts';
import { formatScalar } from '../render/scalar.ts';
import { oneLine } from '../render/width.ts';
import { yamlOf } from '../render/yaml-text.ts';
import type { CommandRun } from '../session/command-run.ts';
import { itemsOf, type Presentation } from '../session/output.ts';
import { page } from '../session/pager.ts';
import type { Session } from '../session/session.ts';
import { allPages } from './all-pages.ts';

const PAGE = 500;

/** Parts of a chart that `chart show` prints as they stand. */
const PARTS = ['values', 'readme', 'schema', 'metainfo', 'all'] as const;

function chartColumns(empty: string, name: (item: unknown) => string, now: number): Presentation {
  return {
    columns: {
      table: [
        { head: 'NAME', cell: name },
        { head: 'VERSION', cell: (item) => textAt(item, 'chartVersion') },
        { head: 'APP-VERSION', cell: (item) => textAt(item, 'chartAppVersion') },
        {
          head: 'DESCRIPTION',
          cell: (item) => `${at(item, 'deprecated') === true ? 'DEPRECATED: ' : ''}${textAt(item, 'chartDescription')}`,
        },
      ],
      wide: [
        { head: 'AGE', cell: (item) => ageOf(at(item, 'created'), now) },
        { head: 'DIGEST', cell: (item) => textAt(item, 'digest') },
      ],
      cut: 'DESCRIPTION',
    },
    name,
    namespaces: false,
    empty,
  };
}

/** Lists the charts of a repository, each at its newest version, or all versions. */
export const listCharts: CommandRun = async (session) => {
  const { line, output, io } = session;
  const repo = line.words[0] ?? DEFAULT_REPOSITORY;
  const isAll = line.on('versions') || line.on('pre');
  const query = { versions: isAll ? 'all' : 'latest', limit: PAGE };
  const text = await allPages(async (next) => {
    const walm = await session.walm();
    return (await walm.call('listCharts', { path: { repo }, query: { ...query, continue: next } })).text;
  });
  const name = (item: unknown): string => `${repo}/${textAt(item, 'chartName')}`;
  const shown = chosenOf(session, name);
  await output.objects(text, shown.items, chartColumns(`no charts in ${repo}`, name, io.now()));
  shown.explain();
  return EXIT.done;
};

/** The charts that a table shows, as the flags say. JSON is the answer of the API, whole. */
function chosenOf({ line, output }: Session, name: (item: unknown) => string) {
  let deprecated = 0;
  return {
    items(answer: unknown): readonly unknown[] {
      const all = itemsOf(answer);
      const kept = line.on('deprecated') ? all : all.filter((item) => at(item, 'deprecated') !== true);
      deprecated = all.length - kept.length;
      // Versions come newest first.
      const newest = new Map<string, unknown>();
      for (const item of kept) if (!newest.has(name(item))) newest.set(name(item), item);
      const chosen = line.on('versions') ? kept : [...newest.values()];
      const max = line.number('max');
      return max === undefined ? chosen : chosen.slice(0, max);
    },
    explain() {
      if (deprecated > 0) output.note(`${deprecated} deprecated: shown with --deprecated`);
    },
  };
}

/** Searches the charts of all repositories; those that do not answer are warned of. */
export const searchCharts: CommandRun = async (session) => {
  const { line, output, io } = session;
  const q = line.words.join(' ');
  const walm = await session.walm();
  const { text } = await walm.call('searchCharts', { query: { q, limit: line.number('max') ?? 50 } });
  const answer = parseExact(text);
  output.warn(
    listAt(answer, 'unreachable').map((one) => ({
      code: textAt(one, 'code'),
      message: `${textAt(one, 'repoName')} was not looked into: ${textAt(one, 'message')}`,
    })),
  );
  const name = (item: unknown): string => `${textAt(item, 'repoName')}/${textAt(item, 'chartName')}`;
  const isAll = line.on('versions') || line.on('pre');
  const found = isAll ? await versionsOf(walm, listAt(answer, 'items')) : text;
  const shown = chosenOf(session, name);
  const empty = `no chart is about ${q}`;
  await output.objects(found, shown.items, chartColumns(empty, name, io.now()));
  shown.explain();
  return EXIT.done;
};

/** All versions of charts that were found, as one list; each says its repository. */
async function versionsOf(walm: Walm, charts: readonly unknown[]): Promise<string> {
  const items: unknown[] = [];
  for (const chart of charts) {
    const repoName = textAt(chart, 'repoName');
    const versions = parseExact(await allVersions(walm, { repo: repoName, chart: textAt(chart, 'chartName') }));
    for (const version of listAt(versions, 'items')) items.push({ repoName, ...(version as object) });
  }
  return stringifyExact({ num: items.length, total: items.length, items }) ?? '';
}

function allVersions(walm: Walm, path: { repo: string; chart: string }): Promise<string> {
  return allPages(
    async (next) => (await walm.call('listChartVersions', { path, query: { limit: PAGE, continue: next } })).text,
  );
}

/** Lists the versions of a chart, newest first. */
export const chartVersions: CommandRun = async (session) => {
  const path = chartPath(session.line.words[0]);
  const text = await allVersions(await session.walm(), path);
  const name = (item: unknown): string => `${path.repo}/${textAt(item, 'chartName')}`;
  await session.output.objects(text, itemsOf, chartColumns('no versions', name, session.io.now()));
  return EXIT.done;
};

/** Shows a chart: its facts, or a part of it as it stands. */
export const showChart: CommandRun = async (session) => {
  const { line, output } = session;
  const [first = '', second] = line.words;
  // helm says `show values CHART`.
  const isHelms = second !== undefined && (PARTS as readonly string[]).includes(first);
  const [chart, part] = isHelms ? [second, first] : [first, second];
  if (part !== undefined && !(PARTS as readonly string[]).includes(part)) {
    throw new UsageError(`${part} is not a part of a chart`, [`parts: ${PARTS.join(', ')}`]);
  }
  const walm = await session.walm();
  const text = await chartText(session, walm, chart);
  if (await output.data(text)) return EXIT.done;
  const found = parseExact(text);
  const cut = listAt(found, 'leftOut').map(String);
  if (cut.length > 0) output.note(`longer than an answer, and cut: ${cut.join(', ')}`);
  return part === undefined ? printFacts(session, found) : printPart(session, found, part as (typeof PARTS)[number]);
};

/** A chart of a repository, an image, a folder or an archive, as the API shows it. */
async function chartText({ line }: Session, walm: Walm, chart: string): Promise<string> {
  const source = await readChart(chart);
  if (source.kind !== 'repository' && line.given('version')) {
    throw new UsageError('--version chooses among the versions of a repository');
  }
  switch (source.kind) {
    case 'archive':
      return (await walm.call('inspectChart', { archive: source.archive })).text;
    case 'image':
      return (await walm.call('getChartImage', { query: { 'chart-image': chart.slice('oci://'.length) } })).text;
    case 'repository':
      return (await walm.call('getChart', { path: chartPath(chart), query: { 'chart-version': line.text('version') } }))
        .text;
    default:
      return source satisfies never;
  }
}

function printFacts({ line, output }: Session, chart: unknown): ExitCode {
  const facts: readonly (readonly [string, string])[] = [
    ['chart', `${textAt(chart, 'chartName')} ${textAt(chart, 'chartVersion')}`],
    ['application', textAt(chart, 'chartAppVersion')],
    ['about', textAt(chart, 'chartDescription')],
    ['from', textAt(chart, 'chartImage') || textAt(chart, 'repoName')],
    ['home', textAt(chart, 'home')],
    ['Kubernetes', textAt(chart, 'kubeVersion')],
    ['digest', textAt(chart, 'digest')],
    [
      'needs',
      listAt(chart, 'dependencies')
        .map((one) => textAt(one, 'name'))
        .join(', '),
    ],
    [
      'installed as',
      listAt(chart, 'installed')
        .map((one) => `${textAt(one, 'namespace')}/${textAt(one, 'name')} (${textAt(one, 'chartVersion')})`)
        .join(', '),
    ],
    ['not installable', textAt(chart, 'notInstallable')],
    ['deprecated', at(chart, 'deprecated') === true ? 'yes' : ''],
  ];
  for (const [name, value] of facts) if (value !== '') output.say(`${name.padEnd(16)}${oneLine(value)}`);
  output.note(`its values: walmctl chart show ${line.words[0] ?? 'CHART'} values`);
  return EXIT.done;
}

async function printPart(session: Session, chart: unknown, part: (typeof PARTS)[number]): Promise<ExitCode> {
  const texts = {
    values: async () => textAt(chart, 'valuesText'),
    readme: async () => textAt(chart, 'readme'),
    schema: async () => jsonOf(at(chart, 'schema')),
    metainfo: async () => yamlText(at(chart, 'metaInfo')),
    all: async () => yamlText(chart),
  };
  const text = await texts[part]();
  if (text === '') session.output.note(`the chart has no ${part}`);
  else await page(session, text.endsWith('\n') ? text : `${text}\n`);
  return EXIT.done;
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

async function yamlText(value: unknown): Promise<string> {
  return value === undefined ? '' : yamlOf(jsonOf(value));
}

/** Lists the chart repositories of the server, and how reading each went last. */
export const listRepositories: CommandRun = async (session) => {
  const { text } = await (await session.walm()).call('listRepositories', {});
  await session.output.objects(text, itemsOf, {
    columns: {
      table: [
        { head: 'NAME', cell: (item) => textAt(item, 'repoName') },
        { head: 'URL', cell: (item) => textAt(item, 'repoUrl') },
        { head: 'KIND', cell: (item) => textAt(item, 'kind') },
        { head: 'ORIGIN', cell: (item) => textAt(item, 'origin') },
        { head: 'DEFAULT', cell: (item) => (at(item, 'isDefault') === true ? 'yes' : '') },
        { head: 'CHARTS', cell: (item) => formatScalar(at(item, 'charts')) },
        { head: 'STATE', cell: stateOf },
      ],
      wide: [{ head: 'CHECKED', cell: (item) => ageOf(at(item, 'checkedAt'), session.io.now()) }],
      cut: 'STATE',
    },
    name: (item) => textAt(item, 'repoName'),
    namespaces: false,
    empty: 'no repositories',
  });
  return EXIT.done;
};

function stateOf(repository: unknown): string {
  const reachable = at(repository, 'reachable');
  if (reachable === undefined) return 'not read yet';
  return reachable === true ? 'read' : textAt(repository, 'message');
}

import type { Operation } from '../../contract/operations/parts/operation.ts';
import type { SeededRandom } from '../harness/seeded-random.ts';
import { GOOD_FILES } from './good-chart.ts';
import type { RequestParts } from './good-requests.ts';
import { mistakeInChart } from './mutate-chart.ts';
import { type Mistake, mistakeIn, oddTextOf, shown } from './mutate-json.ts';
import { ODD_TEXTS } from './odd-values.ts';

/** A request as it goes over the wire. */
export interface WireRequest extends RequestParts {
  /** Sent instead of the JSON of `body`. */
  raw?: Buffer;
  headers?: Record<string, string>;
}

/** Query parameters that on purpose leave objects behind, or create objects without an owner. */
const NOT_TRIED = new Set(['keepHistory', 'createNamespace']);
const NUMBERS = ['-1', '0', '1', '3.5', '1e3', '0x10', '2147483647', '2147483648', '9007199254740993', '9'.repeat(40)];

/** The request with one mistake. */
export function mistakeInRequest(row: Operation, good: WireRequest, random: SeededRandom): Mistake<WireRequest> {
  const ways: (() => Mistake<WireRequest>)[] = [() => inQuery(row, good, random)];
  if (Object.keys(good.path).length > 0) {
    ways.push(() => inPath(good, random));
  }
  if (row.requestHeaders !== undefined || row.body !== undefined) {
    ways.push(() => inHeaders(good, random));
  }
  const { body } = good;
  if (body !== undefined) {
    const inBody = (): Mistake<WireRequest> => {
      const { what, made } = mistakeIn(body, random);
      return { what: `body ${what}`, made: { ...good, body: made } };
    };
    const inText = (): Mistake<WireRequest> => {
      const { what, made } = oddTextOf(body, random);
      return { what: `body ${what}`, made: { ...good, raw: made } };
    };
    ways.push(inBody, inBody, inBody, inBody, inBody, inText);
  }
  if (row.body?.kind === 'chart-form') {
    const inChart = (): Mistake<WireRequest> => {
      const { what, made } = mistakeInChart(GOOD_FILES, random);
      return { what: `chart ${what}`, made: { ...good, archive: made } };
    };
    ways.push(inChart, inChart, inChart, inChart, inChart, inChart);
  }
  return random.pick(ways)();
}

function inQuery(row: Operation, good: WireRequest, random: SeededRandom): Mistake<WireRequest> {
  const known = Object.keys(row.query ?? {}).filter((name) => !NOT_TRIED.has(name));
  const name =
    known.length === 0 || random.between(0, 5) === 0
      ? random.pick([...known, 'dryRun', ...ODD_TEXTS.slice(0, 20)])
      : random.pick(known);
  const odd = random.pick([...NUMBERS, ...ODD_TEXTS]).slice(0, 4_000);
  return { what: `query ${shown(name)}=${shown(odd)}`, made: { ...good, query: { ...good.query, [name]: odd } } };
}

function inPath(good: WireRequest, random: SeededRandom): Mistake<WireRequest> {
  const name = random.pick(Object.keys(good.path));
  // An empty part of a path leads to another operation.
  const odd = random.pick(ODD_TEXTS.filter((text) => text !== '')).slice(0, 4_000);
  return { what: `path ${name} ${shown(odd)}`, made: { ...good, path: { ...good.path, [name]: odd } } };
}

function inHeaders(good: WireRequest, random: SeededRandom): Mistake<WireRequest> {
  const headers = random.pick<Record<string, string>>([
    { 'idempotency-key': 'x'.repeat(300) },
    { 'idempotency-key': ' ' },
    { 'idempotency-key': '../a b' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'nothing' },
    { 'content-encoding': 'gzip' },
    { accept: 'text/html' },
    { 'walm-nothing': 'x'.repeat(4_000) },
  ]);
  return { what: `headers ${shown(headers)}`, made: { ...good, headers } };
}

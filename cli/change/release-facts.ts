import { readFileSync } from 'node:fs';

import { parseExact } from '../../contract/exact-json.ts';
import { UsageError } from '../errors/failures.ts';
import { isRecord, type JsonObject } from '../files/json-object.ts';
import type { Session } from '../session/session.ts';

/** Adds what the flags say beside values and chart: dependencies, labels, plugins, outputs, strategy, on-failure, unset. */
export function addFacts({ line }: Session, request: JsonObject): void {
  addPairs(request, 'dependencies', line.list('depends-on'), 'depends-on', 'KEY=RELEASE');
  addPairs(request, 'releaseLabels', line.list('label'), 'label', 'KEY=VALUE');
  addPairs(request, 'outputs', line.list('publish'), 'publish', 'NAME=EXPRESSION');
  addPlugins(request, line.list('plugin'));
  const unset = line.list('unset');
  if (unset.length > 0) request['unset'] = unset;
  if (line.on('reset-values')) request['resetValues'] = true;
  const onFailure = line.text('on-failure') ?? (line.on('atomic') ? 'rollback' : undefined);
  if (onFailure !== undefined) request['onFailure'] = onFailure;
  const strategy = line.text('strategy');
  if (strategy !== undefined) request['strategy'] = readStrategy(strategy);
}

/** `KEY=VALUE`, several with commas; `KEY-` removes it, which the API writes as an empty value. */
function addPairs(request: JsonObject, field: string, texts: readonly string[], flag: string, usage: string): void {
  if (texts.length === 0) return;
  const there = request[field];
  const pairs: JsonObject = isRecord(there) ? { ...there } : {};
  for (const text of texts.flatMap((one) => (flag === 'publish' ? [one] : one.split(',')))) {
    const equals = text.indexOf('=');
    const isRemoval = equals < 0 && text.length > 1 && text.endsWith('-');
    if (equals < 1 && !isRemoval) throw new UsageError(`--${flag} takes ${usage}, or KEY- to remove it, not ${text}`);
    const key = isRemoval ? text.slice(0, -1) : text.slice(0, equals);
    Object.defineProperty(pairs, key, {
      value: isRemoval ? '' : text.slice(equals + 1),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  request[field] = pairs;
}

function addPlugins(request: JsonObject, texts: readonly string[]): void {
  if (texts.length === 0) return;
  const there: unknown[] = Array.isArray(request['plugins']) ? request['plugins'] : [];
  request['plugins'] = [...there, ...texts.map(readPlugin)];
}

function readPlugin(text: string): JsonObject {
  const equals = text.indexOf('=');
  if (equals < 0) return text.endsWith('-') ? { name: text.slice(0, -1), disable: true } : { name: text };
  const given = text.slice(equals + 1);
  const json = given.startsWith('@') ? readFileOf(given.slice(1)) : given;
  try {
    const args = parseExact(json);
    if (isRecord(args)) return { name: text.slice(0, equals), args };
  } catch {
    // Said below.
  }
  throw new UsageError(`--plugin ${text.slice(0, equals)}: its arguments are not a JSON object`, [
    "an example: --plugin 'NodeAffinity={…}'; what a plugin takes: walmctl get plugin NAME -o yaml",
  ]);
}

function readFileOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`${path} cannot be read`);
  }
}

/** `recreate`, or `rolling[,maxSurge=1,maxUnavailable=25%]`. */
function readStrategy(text: string): JsonObject {
  const [kind = '', ...options] = text.split(',');
  const type = { recreate: 'Recreate', rolling: 'RollingUpdate' }[kind.toLowerCase()];
  if (type === undefined)
    throw new UsageError(`--strategy takes recreate or rolling[,maxSurge=N,maxUnavailable=N], not ${text}`);
  const strategy: JsonObject = { type };
  for (const option of options) {
    const [key = '', value = ''] = option.split('=');
    const name = ['maxSurge', 'maxUnavailable'].find(
      (one) => one.toLowerCase() === key.replaceAll('-', '').toLowerCase(),
    );
    if (name === undefined || value === '')
      throw new UsageError(`--strategy has no ${option}: maxSurge=N or maxUnavailable=N`);
    strategy[name] = /^\d+$/.test(value) ? Number(value) : value;
  }
  return strategy;
}

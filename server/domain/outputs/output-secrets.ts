import { problem } from '../errors/problem-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObject, asObjects, asString } from '../json/json-reading.ts';
import { MASK, type SecretRules, visitSecrets } from '../secrets/secret-values.ts';
import { readValuePath } from '../values/value-path.ts';

/** Where a part of a published text is read from: a secret value, or a key of a Secret that the chart created. */
type SecretSource = { values: string[] } | { secret: { name: string; key: string } };

/** A part of a published text; `base64`: the part is encoded in the text. */
export type OutputPart = { text: string } | (SecretSource & { base64?: true });

/**
 * A value in `spec.outputConfig` that contains a secret: recorded as `***`, and in `spec.outputSecrets` how to restore
 * it. `json`: the value is not a string but what the restored text is JSON of.
 */
export type OutputSecret = { path: string[]; json?: true; parts: OutputPart[] };

/** A Secret as its chart renders it, or as it is recorded: base64 by key. */
export type SecretData = { name: string; data: Readonly<Record<string, string>> };

/**
 * The replacements of secrets in a record: values of the outputs, and the fields of a ReleaseConfig's `spec` that
 * contain values.
 */
export type HiddenSecrets = { outputs: OutputSecret[]; spec: JsonObject };

/** The outputs that a chart publishes, and what they may be taken from. */
export type ShippedOutputs = { outputConfig: JsonValue; computedValues: JsonObject; secrets: readonly SecretData[] };

/** What a masked value is restored from; a missing key of a Secret is undefined. */
export type OutputTruth = { values: JsonObject; secret: (name: string, key: string) => string | undefined };

/** A secret to search for in a text. */
type Needle = { text: string; part: OutputPart };

/** Shorter secret values cannot be distinguished from ordinary words inside a longer text; as in messages. */
const MIN_VALUE_LENGTH = 3;
/** A Secret often also contains user names, ports and flags. */
const MIN_DATA_LENGTH = 8;
/** Secrets × texts that they are looked for in, and a long text counts as one more for each of so many characters. */
const MAX_SEARCHED = 10_000_000;
const COUNTS_MORE = 256;

/**
 * The values that are, or contain, secret values (by the rules) or data of Secrets, with where they can be restored
 * from. Values are preferred to Secrets, because they are in Helm's record.
 * @throws ProblemError BODY_TOO_COMPLEX where there are too many of both
 */
export function findOutputSecrets(
  { outputConfig, computedValues, secrets }: ShippedOutputs,
  rules: SecretRules,
): OutputSecret[] {
  const whole = new Map<string, OutputPart>();
  const inner: Needle[] = [];
  const add = (text: string, source: SecretSource, shortest: number) => {
    if (text === '' || text === MASK || whole.has(text)) {
      return;
    }
    const coded = Buffer.from(text).toString('base64');
    whole.set(text, source);
    if (text.length >= shortest) {
      inner.push({ text, part: source });
      inner.push({ text: coded, part: { ...source, base64: true } });
    }
  };
  visitSecrets(computedValues, rules, (leaf, path) => {
    if (typeof leaf !== 'boolean') {
      add(typeof leaf === 'string' ? leaf : JSON.stringify(leaf), { values: [...path] }, MIN_VALUE_LENGTH);
    }
  });
  for (const { name, data } of secrets) {
    for (const [key, coded] of Object.entries(data)) {
      const text = Buffer.from(coded, 'base64').toString('utf8');
      if (text.length >= MIN_VALUE_LENGTH) {
        add(text, { secret: { name, key } }, MIN_DATA_LENGTH);
      }
    }
  }
  inner.sort((a, b) => b.text.length - a.text.length);
  if (whole.size === 0) {
    return [];
  }
  const leaves = leavesOf(outputConfig);
  const searched = leaves.reduce((sum, { leaf }) => sum + 1 + lengthOf(leaf) / COUNTS_MORE, 0) * inner.length;
  if (searched > MAX_SEARCHED) {
    const many = `${leaves.length} outputs are too many, or too long, to be searched for ${inner.length} secrets`;
    throw problem('BODY_TOO_COMPLEX', many);
  }
  return leaves.flatMap((leaf) => hiddenLeaf(leaf, whole, inner));
}

function lengthOf(leaf: JsonValue): number {
  return typeof leaf === 'string' ? leaf.length : 0;
}

/** The outputs with every secret value as `***`. */
export function maskOutputs(outputConfig: JsonObject, secrets: readonly OutputSecret[]): JsonObject {
  return asObject(withLeaves(outputConfig, leavesByPath(secrets.map(({ path }) => ({ path, leaf: MASK })))));
}

/** The outputs with every masked value restored; an output that cannot be restored is left out. */
export function revealOutputs(
  outputConfig: JsonObject,
  secrets: readonly OutputSecret[],
  truth: OutputTruth,
): JsonObject {
  const missing = new Set<string>();
  const found: PlacedLeaf[] = [];
  for (const secret of secrets) {
    const leaf = truthOf(secret, truth);
    if (leaf === undefined) {
      missing.add(secret.path[0] ?? '');
    } else {
      found.push({ path: secret.path, leaf });
    }
  }
  const revealed = asObject(withLeaves(outputConfig, leavesByPath(found)));
  return Object.fromEntries(Object.entries(revealed).filter(([name]) => !missing.has(name)));
}

/** Names of the Secrets that masked values are restored from, each once. */
export function secretNamesOf(secrets: readonly OutputSecret[]): string[] {
  return [
    ...new Set(secrets.flatMap(({ parts }) => parts.flatMap((part) => ('secret' in part ? part.secret.name : [])))),
  ];
}

/** Parses `spec.outputSecrets`; invalid entries are left out. */
export function readOutputSecrets(recorded: JsonValue | undefined): OutputSecret[] {
  return asObjects(recorded).flatMap(({ path, json, parts }) => {
    const read = asObjects(parts).map(readPart);
    const known = read.filter((part) => part !== null);
    return Array.isArray(path) && known.length > 0 && known.length === read.length
      ? [{ path: path.map(String), ...(json === true && { json: true as const }), parts: known }]
      : [];
  });
}

function readPart({ text, values, secret, base64 }: JsonObject): OutputPart | null {
  const coded = base64 === true ? { base64: true as const } : {};
  if (typeof text === 'string') {
    return { text };
  }
  if (Array.isArray(values)) {
    return { values: values.map(String), ...coded };
  }
  return isJsonObject(secret)
    ? { secret: { name: asString(secret['name']), key: asString(secret['key']) }, ...coded }
    : null;
}

function leavesOf(value: JsonValue, path: string[] = []): { leaf: JsonValue; path: string[] }[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => leavesOf(entry, [...path, String(index)]));
  }
  return isJsonObject(value)
    ? Object.entries(value).flatMap(([key, entry]) => leavesOf(entry, [...path, key]))
    : [{ leaf: value, path }];
}

function hiddenLeaf(
  { leaf, path }: { leaf: JsonValue; path: string[] },
  whole: ReadonlyMap<string, OutputPart>,
  inner: readonly Needle[],
): OutputSecret[] {
  if (typeof leaf !== 'string' && typeof leaf !== 'number') {
    return [];
  }
  const text = String(leaf);
  const known = whole.get(text);
  // Ports and counts are not secret merely because a Secret contains the same number.
  const same = typeof leaf === 'number' && known !== undefined && 'secret' in known ? undefined : known;
  const parts = same !== undefined ? [same] : typeof leaf === 'string' ? taken(text, inner) : [];
  return parts.some((part) => !('text' in part)) ? [{ path, ...(leaf !== text && { json: true }), parts }] : [];
}

/** The text in parts, with each secret in it replaced by its source. */
function taken(text: string, needles: readonly Needle[]): OutputPart[] {
  let parts: OutputPart[] = [{ text }];
  for (const needle of needles) {
    if (text.includes(needle.text)) {
      parts = parts.flatMap((part) => ('text' in part ? divided(part.text, needle) : [part]));
    }
  }
  return parts;
}

function divided(text: string, needle: Needle): OutputPart[] {
  return text
    .split(needle.text)
    .flatMap((piece, index): OutputPart[] => [
      ...(index > 0 ? [needle.part] : []),
      ...(piece === '' ? [] : [{ text: piece }]),
    ]);
}

function truthOf({ json, parts }: OutputSecret, truth: OutputTruth): JsonValue | undefined {
  const texts = parts.map((part) => {
    const text = 'text' in part ? part.text : sourceText(part, truth);
    return text !== undefined && 'base64' in part ? Buffer.from(text).toString('base64') : text;
  });
  if (texts.includes(undefined)) {
    return undefined;
  }
  const text = texts.join('');
  const number = Number(text);
  return json !== true ? text : Number.isFinite(number) ? number : undefined;
}

function sourceText(source: SecretSource, { values, secret }: OutputTruth): string | undefined {
  if ('secret' in source) {
    return secret(source.secret.name, source.secret.key);
  }
  const at = readValuePath(values, source.values);
  return typeof at === 'string' ? at : at === undefined || at === null ? undefined : JSON.stringify(at);
}

/** A replacement value for a path. */
type PlacedLeaf = { path: readonly string[]; leaf: JsonValue };

/** Replacement values as a tree: thousands are applied in one walk, not one for each. */
type LeafTree = { leaf?: JsonValue; below: Map<string, LeafTree> };

function leavesByPath(leaves: readonly PlacedLeaf[]): LeafTree {
  const root: LeafTree = { below: new Map() };
  for (const { path, leaf } of leaves) {
    let at = root;
    for (const step of path) {
      const next = at.below.get(step) ?? { below: new Map() };
      at.below.set(step, next);
      at = next;
    }
    at.leaf = leaf;
  }
  return root;
}

/** A copy with replaced values; whatever no path reaches stays as it is. */
function withLeaves(value: JsonValue, { leaf, below }: LeafTree): JsonValue {
  if (leaf !== undefined) {
    return leaf;
  }
  if (below.size === 0) {
    return value;
  }
  const replaced = (entry: JsonValue, step: string) => {
    const tree = below.get(step);
    return tree === undefined ? entry : withLeaves(entry, tree);
  };
  if (Array.isArray(value)) {
    return value.map((entry, index) => replaced(entry, String(index)));
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, replaced(entry, name)]))
    : value;
}

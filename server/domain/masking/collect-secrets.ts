import { CORE_SCHEMA, load } from 'js-yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { listedObjects } from '../kube/listed-objects.ts';
import { innerTexts, linesOfMarked } from './inner-texts.ts';
import type { SecretData } from '../outputs/output-secrets.ts';
import { MASK, type SecretRules, tellNothing, visitSecrets } from '../secrets/secret-values.ts';
import { BLIND, createMasker, MAX_SECRETS, type Masker, type SecretText } from './masker.ts';
import { secrecyOf } from './secrecy.ts';

/** What the secrets of a release are collected from. */
export type SecretSources = {
  /** Values as the templates saw them. */
  values: JsonObject;
  /** Which of the values are marked as secret. */
  rules: SecretRules;
  /** The rendered objects: the values in their Secrets are secret. */
  objects?: readonly { object: JsonObject }[];
  /** Hooks as they are recorded. */
  hooks?: readonly HookText[];
  /** Public names of the release and its chart: they are not secret even if a Secret contains them. */
  names?: readonly string[];
};

/** Minimum length of a value in a Secret that stays secret even if it is a part of a public name. */
const LONGER_THAN_NAMES = 12;
/**
 * Characters of names in which short texts are looked for, and texts that are: a record may have hundreds of thousands of
 * both. Further names are ignored then, and with more texts every text is taken to hold a secret.
 */
const MAX_NAMES = 16 * 1024;
const MAX_LOOKED_AT = 10 * MAX_SECRETS;

/** Maximum characters of hooks that are parsed as YAML, which takes about 0.3 s per megabyte. */
const MAX_READ = 32 * 1024;
/** For duplicate keys the last one counts, like in Helm's parser. Aliases may multiply what is read. */
const HOOK_OPTIONS = { schema: CORE_SCHEMA, json: true, maxAliases: 100, maxDepth: 64 } as const;

/**
 * The masker of a release: of its values marked as secret, and of everything in the Secrets of its chart. If its hooks
 * are too large to parse in time, or invalid, every text is assumed to contain a secret.
 */
export function maskerOfSources(...sources: readonly SecretSources[]): Masker {
  const hooks = sources.flatMap(({ hooks: found = [] }) => found.filter(mayBeSecret));
  const length = hooks.reduce((sum, { manifest }) => sum + manifest.length, 0);
  const isUnknown = length > MAX_READ || hooks.some((hook) => hookSecret(hook) === null);
  if (isUnknown) {
    return BLIND;
  }
  const found = createFound();
  sources.forEach((source) => addSecrets(source, found));
  return found.isFull() ? BLIND : createMasker(found.texts);
}

/** The same sources without what no secret can be in: values that no rule is about, and objects that are not Secrets. */
export function whereSecretsAre(source: SecretSources): SecretSources {
  const { values, rules, objects = [] } = source;
  return { ...source, values: tellNothing(rules) ? {} : values, objects: objects.filter(mayHoldSecrets) };
}

/** Collected secrets. Once there are too many to search for, further ones are not collected. */
type Found = {
  readonly texts: SecretText[];
  add(text: string, wholly: boolean): void;
  /** There are more than can be looked at. */
  fill(): void;
  isFull(): boolean;
};

function createFound(): Found {
  const texts: SecretText[] = [];
  const known = new Set<string>();
  let tooMany = false;
  return {
    texts,
    fill: () => (tooMany = true),
    isFull: () => tooMany || known.size > MAX_SECRETS,
    add(text, wholly) {
      if (text !== '' && text !== MASK) {
        known.add(text);
        texts.push({ text, ...(wholly && { wholly: true as const }) });
      }
    },
  };
}

type HookText = { kind: string; manifest: string };

/** Lists contain objects. */
function mayBeSecret({ kind }: HookText): boolean {
  return kind === 'Secret' || kind.endsWith('List');
}

/** The masker of what a chart is about to put into Secrets. A value in a Secret is as secret as a marked one. */
export function maskerOfSecrets(secrets: readonly SecretData[], names: readonly string[]): Masker {
  const objects = secrets.map(({ data }) => ({ object: { apiVersion: 'v1', kind: 'Secret', data: { ...data } } }));
  const known = [...names, ...secrets.map(({ name }) => name)];
  return maskerOfSources({ values: {}, rules: { schemas: [], paths: [] }, objects, names: known });
}

function addSecrets({ values, rules, objects = [], hooks = [], names = [] }: SecretSources, found: Found): void {
  visitSecrets(values, rules, (leaf) => {
    if (found.isFull()) {
      return;
    }
    // A flag can only be hidden where it is, not searched for.
    const wholly = typeof leaf === 'boolean';
    const plain = typeof leaf === 'string' ? leaf : JSON.stringify(leaf);
    const texts = typeof leaf === 'number' ? numberTexts(leaf) : [plain, ...innerTexts(plain), ...linesOfMarked(plain)];
    texts.forEach((text) => found.add(text, wholly));
  });
  if (found.isFull()) {
    return;
  }
  const known = [...new Set(names)].join('\n').slice(0, MAX_NAMES);
  const all = new Set(
    dataTexts([...objects.map(({ object }) => object), ...hooks.flatMap((hook) => hookSecret(hook) ?? [])]),
  );
  if (all.size > MAX_LOOKED_AT) {
    found.fill();
    return;
  }
  for (const text of all) {
    const isName = text.length < LONGER_THAN_NAMES && known.includes(text);
    const secrecy = secrecyOf(text);
    if (secrecy !== 'ordinary' && !isName) {
      found.add(text, secrecy === 'whole');
    }
    if (found.isFull()) {
      return;
    }
  }
}

/** A number as JSON writes it, and as templates do, which use doubles: `1.2345678e+07`. */
function numberTexts(number: number): string[] {
  const exponential = number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Math.abs(number) < 1e6 ? [JSON.stringify(number)] : [JSON.stringify(number), exponential];
}

/** The objects of a hook, if any may be a Secret; null if it cannot be parsed. */
function hookSecret(hook: HookText): JsonObject[] | null {
  if (!mayBeSecret(hook)) {
    return [];
  }
  try {
    const object = load(hook.manifest, HOOK_OPTIONS) as JsonValue;
    return isJsonObject(object) ? [object] : null;
  } catch {
    return null;
  }
}

/** Whether an object is a Secret, or a list, which contains objects. */
export function mayHoldSecrets({ object }: { object: JsonObject }): boolean {
  return object['kind'] === 'Secret' || Array.isArray(object['items']);
}

/** Everything in Secrets; lists contain objects. */
function dataTexts(objects: readonly JsonObject[]): string[] {
  return objects.flatMap((object) => {
    if (Array.isArray(object['items'])) {
      return dataTexts(listedObjects(object));
    }
    if (object['kind'] !== 'Secret' || object['apiVersion'] !== 'v1') {
      return [];
    }
    const coded = textsOf(object['data']).map((text) => Buffer.from(text, 'base64').toString('utf8'));
    return [...coded, ...textsOf(object['stringData'])].flatMap((text) => [text, ...innerTexts(text)]);
  });
}

function textsOf(data: JsonValue | undefined): string[] {
  return Object.values(asObject(data)).flatMap((value) =>
    value === null || typeof value === 'object' ? [] : [String(value)],
  );
}

import { CORE_SCHEMA, load } from 'js-yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asObject } from '../json/json-reading.ts';
import { listedObjects } from '../kube/listed-objects.ts';
import { innerTexts, linesOfMarked } from './inner-texts.ts';
import type { SecretData } from '../outputs/output-secrets.ts';
import { MASK, type SecretRules, visitSecrets } from '../secrets/secret-values.ts';
import { BLIND, createMasker, MAX_SECRETS, type Masker, type SecretText, MIN_LENGTH } from './masker.ts';

/** What the secrets of a release come from. */
export type SecretSources = {
  /** Values as the templates saw them. */
  values: JsonObject;
  /** Which of them are marked. */
  rules: SecretRules;
  /** What the chart made: the values in its Secrets are secret. */
  objects?: readonly { object: JsonObject }[];
  /** Hooks as they are recorded. */
  hooks?: readonly HookText[];
  /** Names by which everybody knows the release and its chart: nothing in them is a secret because a Secret has it, too. */
  names?: readonly string[];
};

/** What is no secret by being in a Secret: flags, ports and counts. */
const ORDINARY = /^(?:\d{1,5}|true|false|yes|no|on|off|null|none)$/i;
/** A word such as `root` or `postgres`: inside of a text it would be found everywhere. */
const WORD = /^[a-z]{1,7}$/i;
/** What a Secret holds is still one where it is a part of a name, from this length on. */
const LONGER_THAN_NAMES = 12;

/** Characters of hooks that may have to be read as YAML, which takes about 0.3 s a megabyte. */
const MAX_READ = 32 * 1024;
/** Keys that are given twice count as Helm's parser has it: the last one. Aliases may multiply what is read. */
const HOOK_OPTIONS = { schema: CORE_SCHEMA, json: true, maxAliases: 100, maxDepth: 64 } as const;

/**
 * The masker of a release: of its marked values, and of everything in the Secrets that its chart makes. Where its hooks
 * hold more than can be read while others wait, or cannot be read, every text is taken to hold a secret.
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

/** Secrets that are found. Once there are more than can be looked for nothing more is done for any of them. */
type Found = { readonly texts: SecretText[]; add(text: string, wholly: boolean): void; isFull(): boolean };

function createFound(): Found {
  const texts: SecretText[] = [];
  const known = new Set<string>();
  return {
    texts,
    isFull: () => known.size > MAX_SECRETS,
    add(text, wholly) {
      if (text !== '' && text !== MASK) {
        known.add(text);
        texts.push({ text, ...(wholly && { wholly: true as const }) });
      }
    },
  };
}

type HookText = { kind: string; manifest: string };

/** Lists hold objects of their own. */
function mayBeSecret({ kind }: HookText): boolean {
  return kind === 'Secret' || kind.endsWith('List');
}

/**
 * The masker of what a chart is about to put into Secrets. A value that is in one is as secret as a marked one, whoever
 * did not mark it.
 */
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
    // Of a flag only where it stands can be hidden, not what it is.
    const wholly = typeof leaf === 'boolean';
    const plain = typeof leaf === 'string' ? leaf : JSON.stringify(leaf);
    const texts = typeof leaf === 'number' ? numberTexts(leaf) : [plain, ...innerTexts(plain), ...linesOfMarked(plain)];
    texts.forEach((text) => found.add(text, wholly));
  });
  if (found.isFull()) {
    return;
  }
  const known = names.join('\n');
  for (const text of dataTexts([
    ...objects.map(({ object }) => object),
    ...hooks.flatMap((hook) => hookSecret(hook) ?? []),
  ])) {
    const isName = text.length < LONGER_THAN_NAMES && known.includes(text);
    if (text.length >= MIN_LENGTH - 1 && !ORDINARY.test(text) && !isName) {
      found.add(text, WORD.test(text));
    }
  }
}

/** A number as JSON writes it, and as templates do, to which it is a double: `1.2345678e+07`. */
function numberTexts(number: number): string[] {
  const exponential = number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Math.abs(number) < 1e6 ? [JSON.stringify(number)] : [JSON.stringify(number), exponential];
}

/** What a hook makes that may be a Secret; null where it cannot be read. */
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

/** Whether an object is a Secret, or a list, which holds objects of its own. */
export function mayHoldSecrets({ object }: { object: JsonObject }): boolean {
  return object['kind'] === 'Secret' || Array.isArray(object['items']);
}

/** Everything that Secrets hold; lists hold objects of their own. */
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

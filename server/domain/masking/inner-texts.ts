import type { JsonValue } from '../json/json.ts';
import { MIN_LENGTH } from './masker.ts';

/** Shorter pieces are ordinary words too often to be looked for by themselves. */
const MIN_PIECE_LENGTH = 2 * MIN_LENGTH;
/** Longer texts are secret as a whole; what is in them is not told apart. */
const MAX_READ_LENGTH = 64 * 1024;
/** `password: …` of YAML, `DB_PASSWORD=…` of a file of variables or properties. */
const SETTING = /^[\s-]*(?:export\s+)?["']?([\w.-]{1,100})["']?\s*[:=]\s*(\S.*?)[\s,;]*$/;
const TELLING = /pass|pw|secret|token|key|auth|cred|salt|private/i;
/** `user:password@` of an address. */
const LOGIN = /:\/\/[^/@\s:]{0,200}:([^@/\s]{1,1000})@/g;
/** What a marked text has in a line of its own; a bare word or the name of a field is none. */
const WORD_LINE = /^[A-Za-z_-]{0,11}$|:$/;

/**
 * What a secret text holds that is a secret by itself: the same without blanks around it, the texts of JSON, settings
 * whose name tells it, passwords in addresses, and in logins of registries.
 */
export function innerTexts(text: string): string[] {
  const trimmed = text.trim();
  const own = trimmed === text ? [] : [trimmed];
  if (trimmed.length > MAX_READ_LENGTH) {
    return own;
  }
  const inner = isJson(trimmed) ? jsonLeaves(trimmed) : [];
  const pieces = inner.length > 0 ? inner : settings(trimmed);
  return [...own, ...pieces, ...logins(trimmed)];
}

/** Lines of a marked text that has several, as a template may take one of them. */
export function linesOfMarked(text: string): string[] {
  if (!text.includes('\n') || text.length > MAX_READ_LENGTH) {
    return [];
  }
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.length >= MIN_PIECE_LENGTH && !WORD_LINE.test(line) && !line.startsWith('-----'));
}

function isJson(text: string): boolean {
  return text.startsWith('{') || text.startsWith('[');
}

function jsonLeaves(text: string): string[] {
  try {
    return leaves(JSON.parse(text) as JsonValue);
  } catch {
    return [];
  }
}

function leaves(value: JsonValue, name = ''): string[] {
  if (typeof value === 'string') {
    return value.length < MIN_PIECE_LENGTH ? [] : [value, ...(name === 'auth' ? codedLogin(value) : [])];
  }
  if (Array.isArray(value)) {
    return value.flatMap((entry) => leaves(entry));
  }
  return value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([key, entry]) => leaves(entry, key))
    : [];
}

/** `auth` of a registry: `user:password` in base64. */
function codedLogin(value: string): string[] {
  const login = Buffer.from(value, 'base64').toString();
  const password = login.slice(login.indexOf(':') + 1);
  return login.includes(':') && password.length >= MIN_PIECE_LENGTH ? [password] : [];
}

function settings(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = (line.length <= 2_000 ? SETTING.exec(line) : null) ?? [];
    const bare = value.replace(/^(["'])(.*)\1$/, '$2');
    return TELLING.test(name) && bare.length >= MIN_PIECE_LENGTH ? [bare] : [];
  });
}

function logins(text: string): string[] {
  return [...text.matchAll(LOGIN)].map(([, password = '']) => password).filter((one) => one.length >= MIN_PIECE_LENGTH);
}

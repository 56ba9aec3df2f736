import type { JsonValue } from '../json/json.ts';
import { MIN_LENGTH } from './masker.ts';

/** Shorter parts are too often ordinary words to be searched for. */
const MIN_PIECE_LENGTH = 2 * MIN_LENGTH;
/** Longer texts are secret as a whole; their parts are not analysed. */
const MAX_READ_LENGTH = 64 * 1024;
/** `password: …` in YAML, `DB_PASSWORD=…` in a file of variables or properties. */
const SETTING = /^[\s-]*(?:export\s+)?["']?([\w.-]{1,100})["']?\s*[:=]\s*(\S.*?)[\s,;]*$/;
const TELLING = /pass|pw|secret|token|key|auth|cred|salt|private/i;
/** `user:password@` in an address. */
const LOGIN = /:\/\/[^/@\s:]{0,200}:([^@/\s]{1,1000})@/g;
/** Lines of a marked text that are a bare word or the name of a field, and so not secret. */
const WORD_LINE = /^[A-Za-z_-]{0,11}$|:$/;

/**
 * The parts of a secret text that are secret by themselves: the text without surrounding blanks, the strings of JSON,
 * settings with a secret-like name, passwords in addresses, and registry logins.
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

/** The lines of a marked text, because a template may use one of them. */
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

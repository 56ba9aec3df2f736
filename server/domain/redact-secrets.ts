import type { JsonObject, JsonValue } from './json.ts';
import { MASK, type SecretRules, visitSecrets } from './secret-values.ts';

/** Shorter secrets cannot be told from ordinary words of a message. */
const SHORTEST = 3;

/**
 * A text in which the secret leaves of the values are `***`: messages of schemas and templates quote what they
 * complain about.
 */
export function redactText(text: string, values: JsonObject, rules: SecretRules): string {
  return secretTexts(values, rules).reduce((redacted, secret) => redacted.replaceAll(secret, MASK), text);
}

/** The same for details of a problem: every text in them. */
export function redactJson(value: JsonValue, values: JsonObject, rules: SecretRules): JsonValue {
  const secrets = secretTexts(values, rules);
  const text = JSON.stringify(value, (_, entry: JsonValue) =>
    typeof entry === 'string' ? secrets.reduce((redacted, secret) => redacted.replaceAll(secret, MASK), entry) : entry,
  );
  return JSON.parse(text) as JsonValue;
}

/** Secrets as they may be quoted: as they are, or with the escapes of JSON and Go. The longest first. */
function secretTexts(values: JsonObject, rules: SecretRules): string[] {
  const texts = new Set<string>();
  visitSecrets(values, rules, (leaf) => {
    const text = typeof leaf === 'string' ? leaf : JSON.stringify(leaf);
    if (text.length >= SHORTEST && text !== MASK && typeof leaf !== 'boolean') {
      texts.add(text);
      texts.add(JSON.stringify(text).slice(1, -1));
    }
  });
  return [...texts].toSorted((a, b) => b.length - a.length);
}

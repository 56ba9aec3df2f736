/** Precedence of semantic versions: whether `version` comes after `other`. False if either is none. */
export function isNewerVersion(version: string, other: string): boolean {
  const [a, b] = [parse(version), parse(other)];
  if (a === null || b === null) {
    return false;
  }
  const core = a.core.map((part, at) => part - (b.core[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return core === 0 ? comparePre(a.pre, b.pre) > 0 : core > 0;
}

type Parsed = { readonly core: readonly number[]; readonly pre: readonly string[] };

/** As Helm reads them: `v1.2` is 1.2.0. */
function parse(text: string): Parsed | null {
  const found = /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(
    text,
  );
  if (found === null) {
    return null;
  }
  const [, major = '0', minor = '0', patch = '0', pre = ''] = found;
  return { core: [major, minor, patch].map(Number), pre: pre === '' ? [] : pre.split('.') };
}

/** A version without a pre-release comes after those with one. */
function comparePre(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) {
    return b.length - a.length;
  }
  for (const [at, part] of a.entries()) {
    const other = b[at];
    const difference = other === undefined ? 1 : compareIdentifiers(part, other);
    if (difference !== 0) {
      return difference;
    }
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumber, otherIsNumber] = [a, b].map((text) => /^\d+$/.test(text));
  if (isNumber === true && otherIsNumber === true) {
    return Number(a) - Number(b);
  }
  if (isNumber !== otherIsNumber) {
    return isNumber === true ? -1 : 1;
  }
  return a === b ? 0 : a < b ? -1 : 1;
}

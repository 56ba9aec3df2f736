import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

import { ROOT, readSources, trackedPaths } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

/** The page of numbered decisions, each with an anchor `decision-N`. */
const DECISIONS = 'docs/decisions/behaviour.md';
const DECISION = /\bdecisions? (\d{1,2}(?:(?:, | and |, and )\d{1,2})*)(?!\d)/gi;
const FENCE = /^\s*(```|~~~)/;
const HEADING = /^#{1,6} +(.+?) *#*$/;
const ANCHOR = /<a (?:id|name)="([^"]+)"/g;
const LINK = /\]\(\s*<?([^()\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\s*\[[^\]]+\]:\s+(\S+)|\b(?:href|src)="([^"]+)"/g;
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/** Lines of a page with their numbers, without code blocks. */
function proseLines(text: string): { number: number; line: string }[] {
  let isCode = false;
  return text.split('\n').flatMap((line, index) => {
    const isFence = FENCE.test(line);
    if (isFence) isCode = !isCode;
    return isFence || isCode ? [] : [{ number: index + 1, line }];
  });
}

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** Every anchor of a page: those of its headings, numbered if repeated, and explicit ones. */
export function anchors(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const counts = new Map<string, number>();
  for (const { line } of proseLines(text)) {
    for (const [, anchor = ''] of line.matchAll(ANCHOR)) found.add(anchor);
    const heading = HEADING.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = anchorOf(heading);
    const before = counts.get(anchor) ?? 0;
    counts.set(anchor, before + 1);
    found.add(before === 0 ? anchor : `${anchor}-${before}`);
  }
  return found;
}

/**
 * Returns every relative link of the Markdown `pages` whose file or anchor does not exist, as `path:line: what`.
 * `paths` are the files of the checkout; links to other hosts are not checked.
 */
export function deadLinks(pages: readonly SourceFile[], paths: readonly string[]): string[] {
  const known = new Set(paths.flatMap(withFolders));
  const anchorsOf = new Map(pages.map(({ path, text }) => [path, anchors(text)]));
  return pages.flatMap(({ path, text }) =>
    proseLines(text).flatMap(({ number, line }) =>
      [...line.replaceAll(/`[^`]*`/g, '').matchAll(LINK)].flatMap(([, inline, defined, html]) => {
        const target = inline ?? defined ?? html ?? '';
        if (ELSEWHERE.test(target)) return [];
        const [file = '', anchor] = target.split('#');
        const page = file === '' ? path : posix.join(posix.dirname(path), decodeURI(file)).replace(/\/$/, '');
        if (file.startsWith('/') || !known.has(page)) return [`${path}:${number}: ${target}: there is no such file`];
        if (anchor === undefined || anchorsOf.get(page)?.has(anchor) === true) return [];
        return [`${path}:${number}: ${target}: ${page} has no such anchor`];
      }),
    ),
  );
}

/** Returns every "decision N" of `files` for which the page of numbered decisions has no anchor. */
export function unknownDecisions(files: readonly SourceFile[], page: string): string[] {
  const known = anchors(page);
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      [...line.matchAll(DECISION)]
        .flatMap(([, numbers = '']) => numbers.match(/\d+/g) ?? [])
        .filter((number) => !known.has(`decision-${number}`))
        .map((number) => `${path}:${index + 1}: ${DECISIONS} has no decision ${number}`),
    ),
  );
}

/** A path and all folders above it. */
function withFolders(path: string): string[] {
  const parts = path.split('/');
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

if (import.meta.main) {
  const paths = trackedPaths();
  const pages = paths
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));
  const sources = readSources(/\.(ts|tsx|mjs|go|sh|md)$/).filter(({ path }) => !path.startsWith('tools/check-links'));
  const decisions = readFileSync(ROOT + DECISIONS, 'utf8');
  const found = [...deadLinks(pages, paths), ...unknownDecisions(sources, decisions)];
  for (const line of found) console.error(line);
  console.log(`${pages.length} pages, ${found.length} dead links`);
  if (found.length > 0 || pages.length === 0) process.exitCode = 1;
}

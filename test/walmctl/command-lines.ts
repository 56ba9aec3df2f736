import { readdirSync, readFileSync } from 'node:fs';

import { readTranscript } from './transcript.ts';

const FOLDER = new URL('scenarios/', import.meta.url);

/** The scenarios, in the order in which they run. */
export const SCENARIOS: readonly { readonly name: string; readonly file: URL }[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.txt'))
  .toSorted()
  .map((name) => ({ name: name.slice(0, -4), file: new URL(name, FOLDER) }));

/** The arguments of every `walmctl` in a line of a shell, as the shell would split them without expanding anything. */
export function walmctlArguments(line: string): string[][] {
  const words = [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"|;&<>]+)+|[|;&<>]+/g)].map(([word]) => word);
  const found: string[][] = [];
  let current: string[] | undefined;
  for (const word of words) {
    if (/^[|;&<>]+$/.test(word)) {
      current = undefined;
    } else if (current !== undefined) {
      current.push(
        word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
      );
    } else if (word === 'walmctl') {
      current = [];
      found.push(current);
    }
  }
  return found;
}

/** Every command line that the tests of walmctl run on a server. */
export function allCommandLines(): string[][] {
  const scenarios = SCENARIOS.flatMap(({ file }) => readTranscript(readFileSync(file, 'utf8')).entries);
  const tests = ['terminal', 'credentials'].map((name) =>
    readFileSync(new URL(`${name}.walmctl.test.ts`, import.meta.url), 'utf8'),
  );
  const typed = tests.flatMap((text) =>
    [...text.matchAll(/['`]((?:[^'`\n]* )?walmctl [^'`\n]*)['`]/g)].map(([, line = '']) =>
      line.replaceAll(/\$\{[^}]*\}/g, ''),
    ),
  );
  return [...scenarios.map(({ command }) => command), ...typed].flatMap(walmctlArguments);
}

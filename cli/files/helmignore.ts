interface Rule {
  readonly pattern: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  readonly wholePath: boolean;
}

/** Whether helm leaves a file or folder of a chart out; paths are relative, with slashes. */
export type Ignores = (path: string, isFolder: boolean) => boolean;

/** Reads a `.helmignore`: globs as Go's filepath.Match has them, `!`, a `/` at the beginning or at the end. */
export function readHelmignore(text: string): Ignores {
  // Helm itself leaves hidden files in templates out.
  const rules = [...text.split('\n'), 'templates/.?*'].flatMap(readRule);
  return (path, isFolder) => {
    let ignored = false;
    for (const rule of rules) {
      if (rule.foldersOnly && !isFolder) {
        // As helm has it: everything that an exception does not name is left out.
        if (rule.negated) ignored = true;
        continue;
      }
      const subject = rule.wholePath ? path : (path.split('/').at(-1) ?? '');
      if (rule.pattern.test(subject) !== rule.negated) ignored = true;
    }
    return ignored;
  };
}

function readRule(line: string): Rule[] {
  let glob = line.trim();
  if (glob === '' || glob.startsWith('#')) return [];
  const negated = glob.startsWith('!');
  if (negated) glob = glob.slice(1);
  const foldersOnly = glob.endsWith('/');
  if (foldersOnly) glob = glob.slice(0, -1);
  const anchored = glob.startsWith('/');
  if (anchored) glob = glob.slice(1);
  return [{ pattern: globPattern(glob), negated, foldersOnly, wholePath: anchored || glob.includes('/') }];
}

function globPattern(glob: string): RegExp {
  let source = '';
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob[at] ?? '';
    if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const end = glob.indexOf(']', at + 2);
      if (end < 0) source += '\\[';
      else {
        source += `[${glob.slice(at + 1, end).replaceAll('\\', '\\\\')}]`;
        at = end;
      }
    } else if (character === '\\' && at + 1 < glob.length) {
      at += 1;
      source += (glob[at] ?? '').replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    } else source += character.replaceAll(/[.+^${}()|\\/\]]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`, 'u');
  } catch {
    return /^(?!)/;
  }
}

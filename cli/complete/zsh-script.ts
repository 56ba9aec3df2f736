import { completedCommands, completedTypes, fixedValues, flagsByCompleter, quoted } from './completion-table.ts';

/** The completion script of zsh; only names start a process. */
export function zshScript(): string {
  const commands = completedCommands();
  const singles = commands.filter(({ name }) => !name.includes(' '));
  const groups = [
    ...new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0] ?? '')),
  ];
  const described = [
    ...singles.map(({ name, summary }) => `${name}:${summary}`),
    ...groups.map((group) => `${group}:settings`),
  ];
  const fixed = [...fixedValues()].map(([flag, values]) => `    ${flag}) compadd -- ${values.join(' ')}; return;;`);
  const live = [...flagsByCompleter()].map(([completer, flags]) =>
    completer === 'file'
      ? `    ${flags.join('|')}) _files; return;;`
      : `    ${flags.join('|')}) _walmctl_names ${completer}; return;;`,
  );
  const flagCases = commands.map(({ names, flags }) => {
    const words = flags.flatMap(({ name, short, summary }) => [
      `--${name}:${summary}`,
      ...(short === undefined ? [] : [`-${short}:${summary}`]),
    ]);
    return `    ${names.map(quoted).join('|')}) flags=(${words.map(single).join(' ')});;`;
  });
  const wordCases = commands.flatMap(({ names, words, takesType }) => {
    const types = takesType ? `compadd -- ${completedTypes.join(' ')}; ` : '';
    if (words === undefined && types === '') return [];
    const names_ = words === undefined ? '' : words === 'file' ? '_files' : `_walmctl_names ${words}`;
    return [`    ${names.map(quoted).join('|')}) ${types}${names_};;`];
  });
  return `#compdef walmctl
# zsh completion of walmctl
_walmctl_names() {
  local -a found
  found=("\${(@f)$(walmctl __complete "$1" "$PREFIX" "\${words[@]:1:$CURRENT-2}" 2>/dev/null)}")
  compadd -- \${found:#}
}
_walmctl() {
  local command='' word previous="\${words[CURRENT-1]}"
  local -a flags commands
  case "$previous" in
${[...fixed, ...live].join('\n')}
  esac
  commands=(${described.map(single).join(' ')})
  local i
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$word" in
      -*) ;;
      ${groups.join('|') || 'none'}) if ((i + 1 < CURRENT)); then command="$word \${words[i+1]}"; else command="$word"; fi; break;;
      *) if [[ -n "\${(M)commands:#\${word}:*}" ]]; then command="$word"; break; fi;;
    esac
  done
  case "$command" in
${flagCases.join('\n')}
  esac
  if [[ "$PREFIX" == -* ]]; then _describe flag flags; return; fi
  case "$command" in
    '') _describe command commands;;
${groups
  .map(
    (group) =>
      `    ${group}) compadd -- ${commands
        .filter(({ name }) => name.startsWith(`${group} `))
        .map(({ name }) => name.slice(group.length + 1))
        .join(' ')};;`,
  )
  .join('\n')}
${wordCases.join('\n')}
  esac
}
compdef _walmctl walmctl
`;
}

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

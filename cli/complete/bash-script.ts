import {
  completedCommands,
  completedTypes,
  fixedValues,
  flagsByCompleter,
  flagWords,
  quoted,
} from './completion-table.ts';

/**
 * The completion script of bash. Commands, flags and fixed values stand in it, so that no process is started for them;
 * names call `walmctl __complete KIND PREFIX`.
 */
export function bashScript(): string {
  const commands = completedCommands();
  const first = [...new Set(commands.flatMap(({ names }) => names.map((name) => name.split(' ')[0] ?? '')))];
  const groups = [
    ...new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0] ?? '')),
  ];
  const fixed = [...fixedValues()].map(
    ([flag, values]) => `    ${flag}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur")); return;;`,
  );
  const live = [...flagsByCompleter()].map(([completer, flags]) =>
    completer === 'file'
      ? `    ${flags.join('|')}) COMPREPLY=($(compgen -f -- "$cur")); return;;`
      : `    ${flags.join('|')}) _walmctl_names ${completer}; return;;`,
  );
  const flagCases = commands.map(
    ({ names, flags }) => `    ${names.map(quoted).join('|')}) flags='${flagWords(flags).join(' ')}';;`,
  );
  const wordCases = commands.flatMap(({ names, words, takesType }) => {
    const types = takesType ? `COMPREPLY=($(compgen -W '${completedTypes.join(' ')}' -- "$cur")); ` : '';
    if (words === undefined && types === '') return [];
    const live_ =
      words === undefined
        ? ''
        : words === 'file'
          ? 'COMPREPLY+=($(compgen -f -- "$cur"));'
          : `_walmctl_names ${words};`;
    return [`    ${names.map(quoted).join('|')}) ${types}${live_};`.replace(/;*$/, ';;')];
  });
  return `# bash completion of walmctl
_walmctl_names() {
  local IFS=$'\\n'
  COMPREPLY+=($(compgen -W "$(walmctl __complete "$1" "$cur" "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "$cur"))
}
_walmctl() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command='' flags='' word i
  COMPREPLY=()
  if [[ $prev == '=' ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  case "$prev" in
${[...fixed, ...live].join('\n')}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in
      -*) ;;
      ${groups.join('|') || 'none'}) if ((i + 1 < COMP_CWORD)); then command="$word \${COMP_WORDS[i+1]}"; else command="$word"; fi; break;;
      *) if [[ " ${first.join(' ')} " == *" $word "* ]]; then command="$word"; break; fi;;
    esac
  done
  case "$command" in
${flagCases.join('\n')}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$cur")); return; fi
  case "$command" in
    '') COMPREPLY=($(compgen -W '${first.join(' ')}' -- "$cur"));;
${groups
  .map(
    (group) =>
      `    ${group}) COMPREPLY=($(compgen -W '${commands
        .filter(({ name }) => name.startsWith(`${group} `))
        .map(({ name }) => name.slice(group.length + 1))
        .join(' ')}' -- "$cur"));;`,
  )
  .join('\n')}
${wordCases.join('\n')}
  esac
}
complete -o default -F _walmctl walmctl
`;
}

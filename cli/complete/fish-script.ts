import { completedCommands, completedTypes } from './completion-table.ts';

/** The completion script of fish; only names start a process. */
export function fishScript(): string {
  const commands = completedCommands();
  const lines = commands.flatMap(({ name, names, summary, flags, words, takesType }) => {
    const [first = '', second] = name.split(' ');
    const seen =
      second === undefined ? `__fish_seen_subcommand_from ${names.join(' ')}` : `__walmctl_group ${first} ${second}`;
    const own = flags.map((flag) => {
      const short = flag.short === undefined ? '' : ` -s ${flag.short}`;
      const takes = flag.kind === 'switch' || flag.kind === 'count' ? '' : ' -r';
      const values =
        flag.choices !== undefined
          ? ` -f -a '${flag.choices.join(' ')}'`
          : flag.completer === undefined || flag.completer === 'file'
            ? ''
            : ` -f -a '(__walmctl_names ${flag.completer})'`;
      return `complete -c walmctl -n '${seen}' -l ${flag.name}${short}${takes}${values} -d ${single(flag.summary)}`;
    });
    const start =
      second === undefined
        ? [`complete -c walmctl -n __fish_use_subcommand -f -a ${first} -d ${single(summary)}`]
        : [`complete -c walmctl -n '__fish_seen_subcommand_from ${first}' -f -a ${second} -d ${single(summary)}`];
    const types = takesType ? [`complete -c walmctl -n '${seen}' -f -a '${completedTypes.join(' ')}'`] : [];
    const live =
      words === undefined || words === 'file'
        ? []
        : [`complete -c walmctl -n '${seen}' -f -a '(__walmctl_names ${words})'`];
    return [...start, ...own, ...types, ...live];
  });
  const groups = [
    ...new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0] ?? '')),
  ];
  return `# fish completion of walmctl
function __walmctl_names
  set -l typed (commandline -opc)
  walmctl __complete $argv[1] (commandline -ct) $typed[2..-1] 2>/dev/null
end
function __walmctl_group
  set -l typed (commandline -opc)
  contains -- $argv[1] $typed; and contains -- $argv[2] $typed
end
${groups.map((group) => `complete -c walmctl -n __fish_use_subcommand -f -a ${group} -d settings`).join('\n')}
${lines.join('\n')}
`;
}

function single(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

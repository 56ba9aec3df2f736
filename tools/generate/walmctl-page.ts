import { flagUsage } from '../../cli/arguments/help-layout.ts';
import type { Command, Flag } from '../../cli/table/command.ts';
import { commandTable, ownFlags } from '../../cli/table/command-table.ts';
import { commonFlags } from '../../cli/table/common-flags.ts';

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function flagTable(flags: readonly Flag[]): string {
  const rows = flags.map((flag) => {
    const aliases =
      flag.aliases === undefined ? '' : ` (also ${flag.aliases.map((alias) => `\`--${alias}\``).join(', ')})`;
    return `| \`${cell(flagUsage(flag))}\` | ${cell(flag.byDefault ?? '')} | ${cell(flag.summary)}${aliases} |`;
  });
  return ['| flag | default | |', '| --- | --- | --- |', ...rows].join('\n');
}

function commandSection(command: Command): string {
  const words = (command.arguments ?? []).map(({ name, required, many }) => {
    const word = many === true ? `${name}…` : name;
    return required === true ? word : `[${word}]`;
  });
  const aliases =
    command.aliases === undefined ? '' : `\n\nAlso: ${command.aliases.map((alias) => `\`${alias}\``).join(', ')}.`;
  const notes = command.notes === undefined ? '' : `\n\n${cell(command.notes.join(' '))}`;
  const examples = command.examples.map(([line, meaning]) => `# ${meaning}\n${line}`).join('\n');
  const flags = ownFlags(command);
  const table = flags.length === 0 ? '' : `\n\n${flagTable(flags)}`;
  return `### ${command.name}\n\n\`walmctl ${[command.name, ...words].join(' ')}\`: ${cell(command.summary)}.${aliases}${notes}\n\n\`\`\`sh\n${examples}\n\`\`\`${table}`;
}

/** The reference page of walmctl: every command with its examples and flags. */
export function walmctlPage(): string {
  const groups = [...new Set(commandTable.map(({ group }) => group))];
  const sections = groups.map((group) => {
    const commands = commandTable.filter((command) => command.group === group);
    return `## ${group}\n\n${commands.map(commandSection).join('\n\n')}`;
  });
  return `# walmctl: all commands

Written by \`make generate\` from the table of commands (\`cli/table/\`). How they belong together stands in
[the guide](../guide/walmctl.md).

## Flags of every command

${flagTable(commonFlags)}

${sections.join('\n\n')}
`;
}

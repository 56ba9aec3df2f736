/** What completes a word: names that the server knows, or files. */
export type Completer =
  | 'release'
  | 'project'
  | 'namespace'
  | 'task'
  | 'pod'
  | 'node'
  | 'plugin'
  | 'chart'
  | 'context'
  | 'command'
  | 'file';

/** One flag of the command line. */
export interface Flag {
  /** Canonical name, in kebab case. */
  readonly name: string;
  readonly short?: string;
  /**
   * `switch`: no value, or `=true|false`; `count`: may be repeated; `list`: a text that may be repeated; the others take
   * one value. `duration` is `90s`, `5m`, `1h` or a bare number of seconds.
   */
  readonly kind: 'switch' | 'count' | 'text' | 'number' | 'duration' | 'list';
  /** What stands for the value in the help, such as `FILE`. */
  readonly value?: string;
  /** Default, as the help shows it; for switches and durations also the value in force. */
  readonly byDefault?: string;
  readonly choices?: readonly string[];
  /** Further names: the original's and other tools'. */
  readonly aliases?: readonly string[];
  readonly completer?: Completer;
  readonly summary: string;
}

/** A word of a command, after its name. */
export interface Argument {
  readonly name: string;
  readonly required?: boolean;
  readonly many?: boolean;
  readonly completer?: Completer;
}

/** Where a command stands in the overview. */
export type CommandGroup =
  | 'Change'
  | 'Look'
  | 'Follow'
  | 'Take over'
  | 'Tasks'
  | 'Charts'
  | 'Move'
  | 'Cluster'
  | 'Settings';

/** Sets of flags that several commands have: what changes something, and what brings content. */
export type FlagSet = 'change' | 'content';

/** A line that works on the quickstart, and what it does. */
export type Example = readonly [line: string, meaning: string];

/** One command. Parser, help, completion and the reference page come from this. */
export interface Command {
  /** One word, or two for a command of a group, such as `config view`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: CommandGroup;
  readonly summary: string;
  /** What happens to data, and other things that must be known before it is used; lines of at most 78 columns. */
  readonly notes?: readonly string[];
  readonly examples: readonly Example[];
  readonly arguments?: readonly Argument[];
  readonly flags?: readonly Flag[];
  readonly sets?: readonly FlagSet[];
  /** Names of the flags of its sets that it does not have. */
  readonly without?: readonly string[];
}

/** Checks rows of the table and keeps their names as literal types. */
export function commands<const C extends readonly Command[]>(rows: C): C {
  return rows;
}

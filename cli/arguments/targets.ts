import { UsageError } from '../errors/failures.ts';
import type { Command } from '../table/command.ts';
import { pluralOf, typeOf, type ObjectType } from '../table/object-types.ts';

/** An object that the line names. */
export interface Named {
  readonly type: ObjectType;
  /** Undefined: that of the line. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * Reads names: `web`, `shop/web`, `release/web`, `release/shop/web`, `project/shop`, `task/5c1e`. A first word that is a
 * TYPE holds for the names behind it.
 * @throws UsageError for a type that the command does not take
 */
export function readNames(words: readonly string[], allowed: readonly ObjectType[]): Named[] {
  const first = words[0];
  const stated = first === undefined ? undefined : typeOf(first);
  const byDefault = stated ?? allowed[0] ?? 'release';
  check(byDefault, allowed, words.length === 1 ? first : undefined);
  const names = stated === undefined ? words : words.slice(1);
  return names.map((word) => readName(word, byDefault, allowed));
}

function readName(word: string, byDefault: ObjectType, allowed: readonly ObjectType[]): Named {
  const parts = word.split('/');
  const stated = parts.length > 1 ? typeOf(parts[0] ?? '') : undefined;
  const rest = stated === undefined ? parts : parts.slice(1);
  const name = rest.at(-1) ?? '';
  if (rest.length > 2 || rest.includes('')) {
    throw new UsageError(`${word} is not the name of an object`, [
      'write NAME, NAMESPACE/NAME, TYPE/NAME or TYPE/NAMESPACE/NAME',
    ]);
  }
  const type = stated ?? byDefault;
  check(type, allowed, word);
  return { type, namespace: rest.length === 2 ? rest[0] : undefined, name };
}

/** `word` is what may have been meant as the name of a release. */
function check(type: ObjectType, allowed: readonly ObjectType[], word?: string): void {
  if (allowed.includes(type)) return;
  const [name = ''] = word === undefined || word.includes('/') ? [] : [word];
  const hints = [
    `${pluralOf(type)} are shown by: walmctl get ${type} NAME -o yaml`,
    ...(name === '' ? [] : [`a release of this name: release/${name}`]),
  ];
  throw new UsageError(`this command takes ${allowed.join(', ')}, not ${type}`, hints);
}

/** The one release that the words name. @throws UsageError unless it is one */
export function oneRelease(words: readonly string[]): Named {
  const names = readNames(words, ['release']);
  const [name] = names;
  if (name === undefined || names.length > 1) throw new UsageError('this command takes the name of one release');
  return name;
}

/**
 * `TYPE NAME` in front of the words of a command that takes one object is written as `TYPE/NAME`: `status release web` is
 * `status release/web`. `args` are flags, then words after `--`.
 */
export function withTypedName({ arguments: takes = [] }: Command, args: readonly string[]): readonly string[] {
  const [first] = takes;
  if (first?.completer !== 'release' || first.many === true) return args;
  const from = args.indexOf('--') + 1;
  const [type = '', name, ...rest] = args.slice(from);
  if (from === 0 || name === undefined || typeOf(type) === undefined) return args;
  return [...args.slice(0, from), `${type}/${name}`, ...rest];
}

import type { Warning } from '../../../contract/schemas/warning.ts';

/** Maximum object names in one warning. */
const MAX_NAMES = 5;

/**
 * One warning for all that say the same about objects of one kind, with the number of objects; others are returned
 * unchanged, each once.
 */
export function foldWarnings<W extends Warning>(warnings: readonly W[]): W[] {
  const groups = new Map<string, W[]>();
  for (const warning of warnings) {
    const key = sayingOf(warning);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [warning]);
    } else {
      group.push(warning);
    }
  }
  return [...groups.values()].flatMap((group) => fold(group));
}

/** The warning without the name of the object and the index of a list. */
function sayingOf({ code, message, object, path = '' }: Warning): string {
  const rest = object === undefined ? undefined : restOf(message, object);
  return object === undefined || rest === undefined
    ? JSON.stringify([code, message, object, path])
    : JSON.stringify([code, object.apiVersion, object.kind, anyEntry(rest), anyEntry(path)]);
}

/** The rest of a message that begins with `Deployment web`; undefined if it does not. */
function restOf(message: string, { kind, name }: NonNullable<Warning['object']>): string | undefined {
  const about = `${kind} ${name}:`;
  return message.startsWith(about) ? message.slice(about.length) : undefined;
}

/** JSON pointers without the indexes of entries. */
function anyEntry(text: string): string {
  return text.replaceAll(/\/\d+(?=[/;,]|$)/g, '/*');
}

function fold<W extends Warning>(group: readonly W[]): W[] {
  const [first] = group as [W, ...W[]];
  const { object } = first;
  const objects = new Map(group.flatMap((one) => (one.object ? [[JSON.stringify(one.object), one.object.name]] : [])));
  if (object === undefined || objects.size < 2) {
    return [...new Map(group.map((one) => [JSON.stringify(one), one])).values()];
  }
  const names = [...new Set(objects.values())];
  const more = names.length - MAX_NAMES;
  const list = [...names.slice(0, MAX_NAMES), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const message = `${objects.size} objects of kind ${object.kind} (${list}):${restOf(first.message, object) ?? ''}`;
  return [{ ...first, message, count: objects.size }];
}

import { fromPointer } from '../../contract/json-pointer.ts';

/** The JSON pointer `/a/b/0` as the `--set` of helm writes it: `a.b[0]`. */
export function pathOf(pointer: string): string {
  return fromPointer(pointer)
    .map((step, index) =>
      /^\d+$/.test(step) ? `[${step}]` : `${index === 0 ? '' : '.'}${step.replaceAll('.', '\\.')}`,
    )
    .join('');
}

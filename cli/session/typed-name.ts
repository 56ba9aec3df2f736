import type { Session } from './session.ts';

/**
 * A release as a further command has to name it: with its namespace if this one was typed, because the next command would
 * look into another one.
 */
export function typedName({ line }: Session, namespace: string, name: string): string {
  const isTyped = line.given('namespace') || line.words.some((word) => `/${word}`.endsWith(`/${namespace}/${name}`));
  return isTyped ? `${namespace}/${name}` : name;
}

import { operations } from '../../../contract/operations/operations.ts';

const routes = Object.values(operations).map(({ path, method }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
}));

/** The methods of the contract at a path, HEAD beside GET; empty if there is no such path. */
export function methodsAt(path: string): string[] {
  const found = new Set<string>(routes.filter((route) => route.pattern.test(path)).map((route) => route.method));
  return found.has('GET') ? [...found, 'HEAD'] : [...found];
}

import { operations } from '../../../contract/operations/operations.ts';

const routes = Object.values(operations).map(({ path, method }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
}));

/** The methods that the contract has at a path, HEAD beside GET; empty where there is nothing. */
export function methodsAt(path: string): string[] {
  const found = new Set<string>(routes.filter((route) => route.pattern.test(path)).map((route) => route.method));
  return found.has('GET') ? [...found, 'HEAD'] : [...found];
}

import { join } from 'node:path';

import { ROOT } from '../source-files.ts';

/**
 * Where quickstart keeps everything it started; `make quickstart-down` removes it. A folder of its own: beside it lies
 * the default data folder of a server that somebody starts in the checkout.
 */
export const STATE = join(ROOT, '.walm', 'quickstart');

/** Files and folders of the state folder. */
export const statePaths = {
  sandbox: join(STATE, 'sandbox'),
  charts: join(STATE, 'charts'),
  redis: join(STATE, 'redis'),
  kafka: join(STATE, 'kafka'),
  ports: join(STATE, 'ports.json'),
} as const;

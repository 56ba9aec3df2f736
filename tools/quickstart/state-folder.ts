import { join } from 'node:path';

import { ROOT } from '../source-files.ts';

/**
 * The folder of everything that quickstart starts; `make quickstart-down` removes it. It is separate from the default
 * data folder of a server that is started in the checkout.
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

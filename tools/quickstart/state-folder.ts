import { join } from 'node:path';

import { ROOT } from '../source-files.ts';

/** Where quickstart keeps everything it started; `make quickstart-down` removes it. */
export const STATE = join(ROOT, '.walm');

/** Files and folders of the state folder. */
export const statePaths = {
  sandbox: join(STATE, 'sandbox'),
  charts: join(STATE, 'charts'),
  serverConfig: join(STATE, 'walm.yaml'),
  serverData: join(STATE, 'data'),
  ports: join(STATE, 'ports.json'),
} as const;

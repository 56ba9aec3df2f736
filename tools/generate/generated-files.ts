import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { openApiDocument } from '../../contract/openapi-document.ts';
import { releaseConfigDefinition } from '../../server/adapters/kube/storage/release-config-crd.ts';
import { packageVersion } from '../../server/process/package-version.ts';
import { PLUGIN_LIST, pluginList } from './plugin-list.ts';
import { accessPage } from './access-page.ts';
import { clientRemedies } from './client-remedies.ts';
import { clientRoutes } from './client-routes.ts';
import { patchPage } from './patch-page.ts';
import { walmctlPage } from './walmctl-page.ts';
import { answerPage, requestPage } from './request-page.ts';
import { apiPage, configPage, errorsPage } from './reference-pages.ts';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every committed file that a program writes, by its path from the root, with its expected content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['contract/openapi.json', `${JSON.stringify(openApiDocument(packageVersion()), null, 2)}\n`],
    ['contract/routes.ts', clientRoutes()],
    ['cli/errors/api-remedies.ts', clientRemedies()],
    ['docs/reference/access.md', accessPage()],
    ['docs/reference/api.md', apiPage()],
    ['docs/reference/config.md', configPage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/patches.md', patchPage()],
    ['docs/reference/release-answer.md', answerPage()],
    ['docs/reference/release-request.md', requestPage()],
    ['docs/reference/walmctl.md', walmctlPage()],
    ['deploy/releaseconfigs-crd.yaml', definitionFile()],
    [PLUGIN_LIST, pluginList(filesOf(dirname(PLUGIN_LIST)))],
  ]);
}

/** For clusters on which Walm may not define kinds. */
function definitionFile(): string {
  return `# Written by \`make generate\`: the kind that Walm keeps its facts about releases in.\n${stringify(releaseConfigDefinition)}`;
}

function filesOf(folder: string): { name: string; text: string }[] {
  const path = join(root, folder);
  return readdirSync(path).map((name) => ({ name, text: readFileSync(join(path, name), 'utf8') }));
}

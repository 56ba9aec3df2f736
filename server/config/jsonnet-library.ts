import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './config.ts';

/**
 * Absolute path of the common library of jsonnet charts; empty for none.
 * @throws ConfigError if it is not a folder
 */
export function jsonnetLibrary(configured: string): string {
  if (configured === '') return '';
  const folder = resolve(configured);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new ConfigError([
      `jsonnetConfig.commonTemplateFilesPath: ${folder} is not a folder: name the one that holds ksonnet.beta.2`,
    ]);
  }
  return folder;
}

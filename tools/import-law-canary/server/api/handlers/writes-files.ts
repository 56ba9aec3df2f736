import { writeFile } from 'node:fs/promises';

export const keepArchive = (bytes: Uint8Array) => writeFile('chart.tgz', bytes);

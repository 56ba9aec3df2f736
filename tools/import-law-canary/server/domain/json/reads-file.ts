import { readFileSync } from 'node:fs';

export const text = readFileSync('anything', 'utf8');

import { text } from './json/text.ts';

export const loose = text;

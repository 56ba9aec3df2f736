import { text } from '../json/text.ts';

export const kept = text;

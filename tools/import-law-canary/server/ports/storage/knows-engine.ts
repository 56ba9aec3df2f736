import { engine } from '../helm/engine.ts';

export const known = engine;

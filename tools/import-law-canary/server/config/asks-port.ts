import { engine } from '../ports/helm/engine.ts';

export const asked = engine;

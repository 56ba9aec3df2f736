import { app } from '../composition/app.ts';

export const composed = app;

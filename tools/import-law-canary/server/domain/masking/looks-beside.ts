import { plugin } from '../plugins/plugin.ts';

export const looked = plugin;

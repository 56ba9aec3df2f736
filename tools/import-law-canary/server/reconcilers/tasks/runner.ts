export const runner = 'tasks';

export const run = 'install';

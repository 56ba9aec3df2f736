export const lists = 'releases';

export const watches = 'pods';

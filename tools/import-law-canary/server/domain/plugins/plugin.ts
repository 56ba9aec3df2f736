export const plugin = 'tolerations';

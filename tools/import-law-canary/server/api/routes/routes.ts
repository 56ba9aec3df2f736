export const routes = '/';

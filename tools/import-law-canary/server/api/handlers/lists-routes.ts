import { routes } from '../routes/routes.ts';

export const listed = routes;

export const wrapVerbs = (port: object) => port;

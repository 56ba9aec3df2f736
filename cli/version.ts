/** Version of walmctl, which is that of the server; the bundler writes it in. */
declare const WALMCTL_VERSION: string | undefined;

export const walmctlVersion: string = typeof WALMCTL_VERSION === 'undefined' ? 'development' : WALMCTL_VERSION;

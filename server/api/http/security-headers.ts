/**
 * Tells browsers that a response is not a page (the pages of `/swagger-ui/` say what they may load instead), that it is
 * only for pages of this server, and that it is what its Content-Type says.
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

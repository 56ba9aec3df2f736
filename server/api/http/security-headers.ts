/**
 * What every answer tells browsers: it is no page (the pages of `/swagger-ui/` say what they may load instead), it is
 * for nobody but this server's own pages, and it is what its Content-Type says.
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Address of a chart repository (`https://…`) or of a registry or a folder in it (`oci://…`), normalised. */
export interface ChartAddress {
  /** Scheme, host and path with a lower-case host, without user, query, default port and trailing slash. */
  readonly prefix: string;
  /** True for `oci+http://…`, a registry without TLS; its prefix still begins with `oci://`. */
  readonly plainHttp: boolean;
  /** User and password from the address; empty if it has none. */
  readonly username: string;
  readonly password: string;
}

const PLAIN_REGISTRY = 'oci+http://';
const REGISTRY = 'oci://';

/** Parses an address; null if charts cannot come from it. */
export function parseChartAddress(text: string): ChartAddress | null {
  const plainHttp = text.startsWith(PLAIN_REGISTRY);
  const isRegistry = plainHttp || text.startsWith(REGISTRY);
  // URL parses hosts and ports of the schemes it knows only.
  const known = isRegistry ? `https://${text.slice(text.indexOf('://') + 3)}` : text;
  if (!/^https?:\/\//.test(known) || !URL.canParse(known)) {
    return null;
  }
  const url = new URL(known);
  const scheme = isRegistry ? 'oci:' : url.protocol;
  return {
    prefix: `${scheme}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    plainHttp,
    username: decoded(url.username),
    password: decoded(url.password),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A % that does not start an escape stands for itself.
  }
}

/** The address of the repository that contains a chart image: `host/a/web:1.0.0` is `oci://host/a/web`. */
export function addressOfImage(image: string): ChartAddress | null {
  const scheme = image.includes('://') ? '' : REGISTRY;
  const withoutDigest = image.replace(/@[^/]*$/, '');
  return parseChartAddress(scheme + withoutDigest.replace(/:[^:/]*$/, ''));
}

/** Whether `address` is `folder` or below it. Both normalised. */
export function liesBelow(folder: ChartAddress, address: ChartAddress): boolean {
  return address.prefix === folder.prefix || address.prefix.startsWith(`${folder.prefix}/`);
}

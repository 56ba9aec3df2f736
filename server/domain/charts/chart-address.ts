/** Address of a chart repository (`https://…`) or of a registry or a folder in it (`oci://…`), in one spelling. */
export interface ChartAddress {
  /** Scheme, host and path in lower-case host, without user, query, default port and trailing slash. */
  readonly prefix: string;
  /** True for `oci+http://…`, a registry that speaks plain http; its prefix begins with `oci://` all the same. */
  readonly plainHttp: boolean;
  /** User and password that stood in the address; empty where there were none. */
  readonly username: string;
  readonly password: string;
}

const PLAIN_REGISTRY = 'oci+http://';
const REGISTRY = 'oci://';

/** Understands an address; null when it is not one that charts can come from. */
export function parseChartAddress(text: string): ChartAddress | null {
  const plainHttp = text.startsWith(PLAIN_REGISTRY);
  const isRegistry = plainHttp || text.startsWith(REGISTRY);
  // URL understands hosts and ports of the schemes it knows only.
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
    return text; // A % that encodes nothing stands for itself.
  }
}

/** The address of the repository that a chart image lies in: `host/a/web:1.0.0` is `oci://host/a/web`. */
export function addressOfImage(image: string): ChartAddress | null {
  const scheme = image.includes('://') ? '' : REGISTRY;
  const withoutDigest = image.replace(/@[^/]*$/, '');
  return parseChartAddress(scheme + withoutDigest.replace(/:[^:/]*$/, ''));
}

/** Whether `address` is `folder` or lies below it. Both in the one spelling. */
export function liesBelow(folder: ChartAddress, address: ChartAddress): boolean {
  return address.prefix === folder.prefix || address.prefix.startsWith(`${folder.prefix}/`);
}

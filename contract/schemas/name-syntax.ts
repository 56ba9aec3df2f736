/** Names as Kubernetes allows them, as patterns of JSON schemas. */

/** A DNS label (RFC 1123), for example the name of a namespace. */
export const DNS_LABEL = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$';

/** A DNS subdomain (RFC 1123) of any length: the prefix of a label's key, and Helm's rule for names of releases. */
export const DNS_SUBDOMAIN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

/** The key of a label or annotation without its prefix, and the value of a label that is not empty. */
export const LABEL_NAME = '^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';

/** The value of a label; it may be empty. */
export const LABEL_VALUE = '^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$';

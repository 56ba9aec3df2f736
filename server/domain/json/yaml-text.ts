import { dump } from 'js-yaml';

/** A document of JSON as YAML that parsers of YAML 1.1, such as Kubernetes' own, read as the same. */
export function yamlText({ document }: { document: object }): { text: string } {
  return { text: dump(document, { lineWidth: -1, noRefs: true }) };
}

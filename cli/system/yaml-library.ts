/** What walmctl uses of the YAML library; the bundle leaves the rest of it out. Loaded when a file or an answer is YAML. */
export { parse, parseAllDocuments, parseDocument, stringify } from 'yaml';

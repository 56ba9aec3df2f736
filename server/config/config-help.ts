import { listOptions, type NamedOption, type Option } from './config-options.ts';

const lead = `walm: application manager for Kubernetes over Helm

Usage: node dist/server/walm.mjs [--config walm.yaml] [options]

Every option can stand in the file (http: {port: 9999}), in the environment (WALM_HTTP_PORT=9999) or here
(--http-port 9999); this line wins over the environment, the environment over the file.

  --config FILE    configuration file (default walm.yaml, if there is one; also WALM_CONFIG)
  --help           this text
  --version        the version

Options:
`;

/** The placeholder for the value of an option. */
export function placeholder(option: Option): string {
  switch (option.kind) {
    case 'text':
      return 'TEXT';
    case 'integer':
      return 'N';
    case 'flag':
      return '';
    case 'choice':
      return option.values.join('|');
    case 'names':
      return 'A,B';
    case 'repositories':
      return 'LIST';
    default:
      return option satisfies never;
  }
}

/** The default of an option in readable form. */
export function defaultText(option: Option): string {
  if (option.kind === 'repositories' || option.kind === 'names') {
    return 'none';
  }
  const unit = option.kind === 'integer' && option.unit ? ` ${option.unit}` : '';
  return option.default === '' ? 'empty' : `${option.default}${unit}`;
}

/** The text of `--help`. */
export function helpText(): string {
  return lead + listOptions().map(describe).join('');
}

function describe({ key, flag, option }: NamedOption): string {
  const name =
    option.kind === 'repositories' ? `${key} (only in the file)` : `--${flag} ${placeholder(option)}`.trimEnd();
  return `  ${name}\n      ${option.help} Default: ${defaultText(option)}.\n`;
}

import { Compile } from 'typebox/compile';
import { Type } from 'typebox';
import { DNS_LABEL } from '../../contract/schemas/name-syntax.ts';
import { RepositoryConfig, type Option } from './config-options.ts';

/** The parsed value of an option. */
export type OptionValue = string | number | boolean | string[] | RepositoryConfig[];

/** The result of parsing an option: its value, or the problem with it. */
export type ParsedOption = { readonly value: OptionValue } | { readonly problem: string };

const names = Compile(Type.Array(Type.String({ pattern: DNS_LABEL })));
const repositories = Compile(Type.Array(RepositoryConfig));

/** Parses the text of a flag or variable. */
export function parseOptionText(option: Option, text: string): ParsedOption {
  switch (option.kind) {
    case 'text':
    case 'choice':
      return parseOptionValue(option, text);
    case 'integer':
      return parseOptionValue(option, /^[+-]?\d+$/.test(text) ? Number(text) : text);
    case 'flag':
      return parseOptionValue(option, text === 'true' ? true : text === 'false' ? false : text);
    case 'names': {
      const names = text.split(',').map((name) => name.trim());
      return parseOptionValue(option, text.trim() === '' ? [] : names);
    }
    case 'repositories':
      return { problem: 'can only be given in the file' };
    default:
      return option satisfies never;
  }
}

/** Parses a value of the file. Never quotes the value in problems: it may be a secret. */
export function parseOptionValue(option: Option, value: unknown): ParsedOption {
  switch (option.kind) {
    case 'text':
      return typeof value === 'string' ? { value } : { problem: 'must be a text' };
    case 'flag':
      return typeof value === 'boolean' ? { value } : { problem: 'must be true or false' };
    case 'choice':
      return typeof value === 'string' && option.values.includes(value)
        ? { value }
        : { problem: `must be one of ${option.values.join(', ')}` };
    case 'integer': {
      const fits =
        typeof value === 'number' && Number.isInteger(value) && value >= option.minimum && value <= option.maximum;
      const unit = option.unit ? ` (${option.unit})` : '';
      return fits
        ? { value }
        : { problem: `must be a whole number from ${option.minimum} to ${option.maximum}${unit}` };
    }
    case 'names':
      return names.Check(value)
        ? { value: [...new Set(value)] }
        : { problem: 'must be a list of names of at most 63 small letters, digits and - each' };
    case 'repositories':
      return repositories.Check(value) ? { value } : { problem: describeRepositoryErrors(value) };
    default:
      return option satisfies never;
  }
}

function describeRepositoryErrors(value: unknown): string {
  const errors = repositories.Errors(value).map((error) => `${error.instancePath || 'the list'} ${error.message}`);
  return `must be a list of repositories: ${errors.join('; ')}`;
}

import { Type, type Static } from 'typebox';
import { described, TextMap } from '../json.ts';
import { DNS_SUBDOMAIN } from '../name-syntax.ts';

/** A Secret that a request creates or replaces. */
export const SecretRequest = Type.Object(
  {
    name: Type.String({
      description: 'Name of the Secret.',
      maxLength: 253,
      pattern: DNS_SUBDOMAIN,
    }),
    type: Type.Optional(
      Type.String({ description: 'Absent: Opaque, or the type that the Secret has.', maxLength: 253 }),
    ),
    data: Type.Optional(described(TextMap, 'Values in base64, by key. `***` keeps the value that the Secret has.')),
    stringData: Type.Optional(
      described(TextMap, 'Values as texts, by key; they win over `data`. `***` keeps the value that the Secret has.'),
    ),
    immutable: Type.Optional(
      Type.Boolean({ description: 'True: nobody can change the values later, only delete the Secret.' }),
    ),
  },
  { $id: 'SecretRequest' },
);
export type SecretRequest = Static<typeof SecretRequest>;

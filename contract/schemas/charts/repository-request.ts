import { Type, type Static } from 'typebox';
import { DNS_LABEL } from '../name-syntax.ts';
import { Warning } from '../warning.ts';

/** No line breaks and other control characters. */
const ONE_LINE = '^[^\\u0000-\\u001f\\u007f]*$';

/** A chart repository, or a registry, that is added at run time. */
export const RepositoryRequest = Type.Object(
  {
    name: Type.String({
      description: 'Its name, for `repoName`. Words that the paths of this API use, such as `search`, are none.',
      pattern: DNS_LABEL,
    }),
    url: Type.String({
      description:
        'Address of the folder with `index.yaml`, `https://` or `http://`; or of a folder of charts in a registry, `oci://`, or `oci+http://` for one without TLS. Without query.',
      minLength: 1,
      maxLength: 2048,
      pattern: ONE_LINE,
    }),
    username: Type.Optional(Type.String({ description: 'User for basic authentication.', maxLength: 1024 })),
    password: Type.Optional(Type.String({ description: 'Password of the user.', maxLength: 8192 })),
    token: Type.Optional(
      Type.String({
        description: 'Bearer token, instead of user and password.',
        maxLength: 16_384,
        pattern: ONE_LINE,
      }),
    ),
    caPem: Type.Optional(
      Type.String({
        description: "PEM certificates that are trusted besides the system's.",
        maxLength: 131_072,
      }),
    ),
    insecureSkipTlsVerify: Type.Optional(Type.Boolean({ description: 'True: any certificate is accepted.' })),
    passCredentialsAll: Type.Optional(
      Type.Boolean({
        description:
          'True: the credentials are also sent to other hosts that the index names, never from https to http. Not for registries.',
      }),
    ),
  },
  { $id: 'RepositoryRequest' },
);
export type RepositoryRequest = Static<typeof RepositoryRequest>;

/** The answer to the removal of a repository. */
export const RepositoryRemoval = Type.Object(
  {
    repoName: Type.String(),
    releases: Type.Integer({
      description: 'Releases whose chart came from it. They run on; an upgrade has to name another chart.',
    }),
    warnings: Type.Array(Warning, { description: 'Names those that the caller may list, and counts the others.' }),
  },
  { $id: 'RepositoryRemoval' },
);
export type RepositoryRemoval = Static<typeof RepositoryRemoval>;

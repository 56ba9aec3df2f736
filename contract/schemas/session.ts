import { Type, type Static } from 'typebox';
import { described, nullable } from './json.ts';

/** What a client has to know before it shows or sends anything. */
export const Session = Type.Object(
  {
    auth: Type.Object({
      mode: Type.Union([Type.Literal('none'), Type.Literal('kubernetes')], {
        description: 'none: everyone may do everything. kubernetes: requests need a bearer token of the cluster.',
      }),
    }),
    caller: described(
      nullable(
        Type.Object({
          user: Type.String({ description: 'User name, as the cluster tells it of the token.' }),
          groups: Type.Array(Type.String(), { description: 'Groups, as the cluster tells them of the token.' }),
        }),
      ),
      'Who the token of the request belongs to; null without a token, with one that the cluster does not accept, and with the mode none.',
    ),
    versions: Type.Object({
      walm: Type.String({ description: 'Version of the server that answers.' }),
      api: Type.Literal('v1', { description: 'Version of the API.' }),
      kubernetes: nullable(
        Type.String({ description: 'Version of the cluster; null until the cluster has answered for the first time.' }),
      ),
    }),
    compatibility: Type.Union([Type.Literal('current'), Type.Literal('original')], {
      description: 'The option `compatibility`.',
    }),
    limits: Type.Object({
      bodyBytes: Type.Integer({ description: 'Maximum size of a JSON body, in bytes.' }),
      archiveBytes: Type.Integer({ description: 'Maximum compressed size of a chart archive, in bytes.' }),
      waitSec: Type.Integer({ description: 'Maximum `timeoutSec`.' }),
      defaultWaitSec: Type.Integer({
        description: 'What `timeoutSec` 0 means for a change of one release, in seconds.',
      }),
      operationTimeoutSec: Type.Integer({ description: '`operationTimeoutSec` of changes that name none.' }),
    }),
    history: Type.Object({ max: Type.Integer({ description: 'Kept revisions per release; 0 keeps all.' }) }),
    tasks: Type.Object({ retentionSec: Type.Integer({ description: 'Seconds that finished tasks are kept.' }) }),
  },
  {
    $id: 'Session',
    examples: [
      {
        auth: { mode: 'kubernetes' },
        caller: { user: 'ann', groups: ['developers', 'system:authenticated'] },
        versions: { walm: '0.1.0', api: 'v1', kubernetes: 'v1.34.1' },
        compatibility: 'current',
        limits: {
          bodyBytes: 4_194_304,
          archiveBytes: 20_971_520,
          waitSec: 86_400,
          defaultWaitSec: 60,
          operationTimeoutSec: 300,
        },
        history: { max: 10 },
        tasks: { retentionSec: 86_400 },
      },
    ],
  },
);
export type Session = Static<typeof Session>;

import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { EngineInfo } from '../../ports/helm/helm-control.ts';
import { answerNotUnderstood } from './engine-problem.ts';

/** The protocol version of this server; an engine with another version refuses `initialize`. */
export const protocolVersion = 1;

const introductionAnswer = Compile(
  Type.Object({
    protocolVersion: Type.Literal(protocolVersion),
    engineVersion: Type.String(),
    helmVersion: Type.String(),
    kubernetesVersion: Type.Union([Type.String(), Type.Null()]),
    isolation: Type.Array(
      Type.Object({ name: Type.String(), holds: Type.Boolean(), reason: Type.Optional(Type.String()) }),
    ),
  }),
);

export function parseEngineInfo(answer: unknown): EngineInfo {
  if (!introductionAnswer.Check(answer)) throw answerNotUnderstood('initialize');
  const { engineVersion, helmVersion, kubernetesVersion, isolation } = answer;
  return { engineVersion, helmVersion, kubernetesVersion, isolation };
}

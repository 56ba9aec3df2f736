import { problem, type ProblemError } from './problem-error.ts';

/** The problems of objects of the cluster that are not there, in the sentences of the original Walm. */

/** `noun` in the plural, as the API server says it. */
function goneForChange(
  code: 'POD_NOT_FOUND' | 'SECRET_NOT_FOUND',
  noun: string,
  object: { kind: string; namespace: string; name: string },
): ProblemError {
  return problem(code, `${noun} ${JSON.stringify(object.name)} not found`, {}, object);
}

export function podToChangeNotFound(namespace: string, name: string): ProblemError {
  return goneForChange('POD_NOT_FOUND', 'pods', { kind: 'Pod', namespace, name });
}

export function secretToChangeNotFound(namespace: string, name: string): ProblemError {
  return goneForChange('SECRET_NOT_FOUND', 'secrets', { kind: 'Secret', namespace, name });
}

export function objectChanged(kind: string, namespace: string, name: string): ProblemError {
  const message = `${kind} ${namespace}/${name} was changed or replaced at the same time: look at it again`;
  return problem('OBJECT_CHANGED', message, {}, { kind, namespace, name });
}

export function nodeNotFound(name: string): ProblemError {
  return problem('NODE_NOT_FOUND', `node ${name} is not found`, {}, { kind: 'Node', name });
}

export function podNotFound(namespace: string, name: string): ProblemError {
  return problem('POD_NOT_FOUND', `pod "${name}" not found`, {}, { kind: 'Pod', namespace, name });
}

export function secretNotFound(namespace: string, name: string): ProblemError {
  const object = { kind: 'Secret', namespace, name };
  return problem('SECRET_NOT_FOUND', `secret ${namespace}/${name} is not found`, {}, object);
}

export function claimNotFound(namespace: string, name: string): ProblemError {
  const object = { kind: 'PersistentVolumeClaim', namespace, name };
  return problem('CLAIM_NOT_FOUND', `pvc ${name} is not found`, {}, object);
}

export function storageClassNotFound(name: string): ProblemError {
  const object = { kind: 'StorageClass', name };
  return problem('STORAGE_CLASS_NOT_FOUND', `storageClass ${name} is not found`, {}, object);
}

export function tenantNotFound(name: string): ProblemError {
  return problem('TENANT_NOT_FOUND', `tenant ${name} is not found`, {}, { kind: 'Namespace', name });
}

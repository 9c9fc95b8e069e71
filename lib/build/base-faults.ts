import type { GlobalArgument, StagePlan } from './build-plan';
import type { Fault } from '../primitives/faults';
import { isImageReference, referenceVariables, referenceWith } from '../primitives/image-reference';

/**
 * Known before the first FROM without being declared.
 *
 * @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
const AUTOMATIC = ['TARGETPLATFORM', 'TARGETOS', 'TARGETARCH', 'TARGETVARIANT', 'BUILDPLATFORM', 'BUILDOS', 'BUILDARCH', 'BUILDVARIANT'];

/** What is wrong with the variables in what a stage starts from. */
export function baseFaults({ name, base }: StagePlan, declared: readonly GlobalArgument[]): Fault[] {
  if (base.kind === 'stage') return [];
  const variables = referenceVariables(base.reference);
  const unknown = variables.find(variable => !AUTOMATIC.includes(variable) && !declared.some(argument => argument.name === variable));
  if (unknown !== undefined) {
    return [{
      code: 'ARGUMENT_UNDECLARED',
      problem: `stage '${name}' starts from '${base.reference}', but the build has no argument '${unknown}'; declare it on the build: argument('${unknown}', …)`,
    }];
  }
  const defaults = Object.fromEntries(declared.map(argument => [argument.name, argument.value]));
  const used = referenceWith(base.reference, defaults);
  if (variables.some(variable => defaults[variable] === undefined) || isImageReference(used)) return [];
  return [{
    code: 'ARGUMENT_DEFAULT',
    problem: `stage '${name}' starts from '${base.reference}', which the defaults of its arguments make '${used}': that is no image reference; correct a default`,
  }];
}

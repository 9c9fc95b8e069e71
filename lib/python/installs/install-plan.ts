import type { BaseImage } from '../../build/base-image';
import type { BaseImageFacts } from '../../build/base-image-facts';
import type { Instruction } from '../../build/instruction';

/** How Python gets onto the images of a service that have none. */
export interface InstallPlan {
  /** What is true of both images afterwards. */
  readonly facts: Pick<BaseImageFacts, 'python' | 'pythonPath' | 'family'>;
  /** Packages of the distribution that the build stage installs, without those for pip. */
  readonly buildPackages: readonly string[];
  readonly runtimePackages: readonly string[];
  /** What it installs besides when pip is what installs. */
  readonly pipPackages: readonly string[];
  /** Stage in which Python is made before other stages take it; nothing when none is needed. */
  readonly preparation?: Preparation;
  readonly build: InstallSteps;
  readonly runtime: InstallSteps;
}

/** What the preparation stage does, on the build image. */
export interface Preparation {
  readonly packages: readonly string[];
  readonly instructions: readonly Instruction[];
}

/** What a stage does to have Python, before and after it installs its packages. */
export interface InstallSteps {
  readonly before: readonly Instruction[];
  readonly after: readonly Instruction[];
}

/** The images that Python is installed on. They are of one release of one distribution. */
export interface InstallInput {
  readonly base: BaseImage;
}

/** Name of the preparation stage. */
export const PYTHON_STAGE = 'python';

export const NO_STEPS: InstallSteps = { before: [], after: [] };

/** The distribution without its release: `debian`, `alpine`. */
export function distributionName({ facts }: BaseImage): string {
  return (facts.distribution ?? '').split(' ')[0];
}

/** How messages call what a base is made of. */
export function distributionLabel({ facts, label }: BaseImage): string {
  return facts.distribution === undefined ? `${label}, whose distribution is unknown` : `${label} (${facts.distribution})`;
}

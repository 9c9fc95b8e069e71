import { Severity, type Check } from '../../checks/check';
import { startedWorkloads } from '../../services/plan-application';

/**
 * A cluster has no `docker compose watch`: what was made to be changed would only be an image with a shell, with code that its user may
 * write to, and perhaps with a debugger.
 */
export const DEVELOPMENT_IMAGE: Check = {
  code: 'DEVELOPMENT_IMAGE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/compose/how-tos/file-watch/',
  find: plan => startedWorkloads(plan).filter(({ image }) => image.facts.development).map(({ path, image }) => ({
    path,
    problem: `image '${image.id}' is made for development, which is compose's: its user may change the code, and nothing in a cluster would;`
      + " leave out 'development', or the KubernetesFile, in this environment",
  })),
};

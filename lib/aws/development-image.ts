import { Severity, type Check } from '../checks/check';
import { startedWorkloads } from '../services/plan-application';

/** Nobody changes a file in a task: what was made for that is only an image with a shell, and with code that its user may write to. */
export const DEVELOPMENT_IMAGE: Check = {
  code: 'DEVELOPMENT_IMAGE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/compose/how-tos/file-watch/',
  find: plan => startedWorkloads(plan).filter(({ image }) => image.facts.development).map(({ path, image }) => ({
    path,
    problem: `image '${image.id}' is made for development, which is compose's: its user may change the code, and nothing in a task would;`
      + " leave out 'development' in this environment",
  })),
};

import { hasFiles, imageForFiles } from './ecs-task';
import { Severity, type Check } from '../checks/check';
import { startedWorkloads } from '../services/plan-application';

/** ECS hands secrets over as variables; somebody has to write the files, and Python does. */
export const FILES_UNWRITTEN: Check = {
  code: 'FILES_UNWRITTEN',
  severity: Severity.ERROR,
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
  find: plan => startedWorkloads(plan).filter(workload => hasFiles(workload) && !imageForFiles(workload, plan)).map(({ path, image }) => ({
    path,
    problem: `its secrets and configs have to be files before it starts, and no image of the application has Python to write them${
      image.facts.architecture === undefined ? '' : ` for ${image.facts.architecture}`}; declare a service with a PythonServiceImage`,
  })),
};

import { neededSize } from './ecs-task';
import { fargateSize, LARGEST_SIZE } from './fargate-size';
import { Severity, type Check } from '../checks/check';
import { startedWorkloads } from '../services/plan-application';

/** Fargate has sizes, and a largest one. */
export const FARGATE_SIZE: Check = {
  code: 'FARGATE_SIZE',
  severity: Severity.ERROR,
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size',
  find: plan => startedWorkloads(plan).flatMap(workload => {
    const { cpuUnits, memoryMebibytes } = neededSize(workload);
    return fargateSize(cpuUnits, memoryMebibytes) ? [] : [{
      path: workload.path,
      problem: `a task of ${cpuUnits / 1024} processors and ${memoryMebibytes} MiB is larger than every size of Fargate;`
        + ` ask for ${LARGEST_SIZE.cpuUnits / 1024} processors and ${LARGEST_SIZE.memoryMebibytes} MiB at most, or run it on EC2`,
    }];
  }),
};

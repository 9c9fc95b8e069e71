import { Severity, type Check } from '../checks/check';
import { startedWorkloads } from '../services/plan-application';

/** Seconds that Fargate waits at most. */
const MOST = 120;

export const STOP_TIMEOUT: Check = {
  code: 'STOP_TIMEOUT',
  severity: Severity.ERROR,
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html',
  find: plan => startedWorkloads(plan).filter(({ stopGraceSeconds }) => (stopGraceSeconds ?? 0) > MOST).map(({ path, stopGraceSeconds }) => ({
    path,
    problem: `it may take ${stopGraceSeconds} seconds to end, and Fargate waits for ${MOST} at most; give it ${MOST} or less, or run it on EC2`,
  })),
};

import { Severity, type Check } from '../checks/check';
import { startedWorkloads } from '../services/plan-application';

/** Each network is a security group, and a task takes no more. */
const MOST = 5;

export const NETWORKS_TOO_MANY: Check = {
  code: 'NETWORKS_TOO_MANY',
  severity: Severity.ERROR,
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html',
  find: plan => startedWorkloads(plan).filter(({ networks }) => networks.length > MOST).map(({ path, networks }) => ({
    path,
    problem: `it joins ${networks.length} networks, and a task has at most ${MOST} security groups, one for each; join ${MOST} at most`,
  })),
};

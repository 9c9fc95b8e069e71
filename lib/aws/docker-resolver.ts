import { Severity, type Check } from '../checks/check';
import { startedServices } from '../services/plan-application';

/** Docker's name server is in no task. Service Connect makes it needless: the address of a service never changes there. */
export const DOCKER_RESOLVER: Check = {
  code: 'DOCKER_RESOLVER',
  severity: Severity.ERROR,
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html',
  find: plan => startedServices(plan).filter(({ fixedAddressFiles }) => fixedAddressFiles.length > 0).map(({ path }) => ({
    path,
    problem: "it asks Docker's name server for its routes' services again and again, and ECS has none;"
      + ' take nameResolution: NameResolution.atStart() here: with Service Connect the address of a service never changes',
  })),
};

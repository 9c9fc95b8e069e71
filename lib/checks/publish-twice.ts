import { Severity, type Check } from './check';

/** One port of a host is one service's. */
export const PUBLISH_TWICE: Check = {
  code: 'PUBLISH_TWICE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/compose-file/services/#ports',
  find: plan => plan.services.flatMap(({ path, publish }, index) => {
    const first = plan.services.slice(0, index).find(other => publish && other.publish?.published === publish.published);
    return first ? [{ path, problem: `port ${publish!.published} is published by '${first.id}' too; give each a port of its own` }] : [];
  }),
};

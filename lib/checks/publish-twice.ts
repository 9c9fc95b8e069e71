import { Severity, type Check } from './check';

/** One port of a host is one service's. */
export const PUBLISH_TWICE: Check = {
  code: 'PUBLISH_TWICE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/compose-file/services/#ports',
  find: plan => {
    const first = new Map<number, string>();
    return plan.services.flatMap(({ id, path, publish }) => {
      const other = publish && first.get(publish.published);
      if (publish && other === undefined) first.set(publish.published, id);
      return other === undefined ? [] : [{ path, problem: `port ${publish!.published} is published by '${other}' too; give each a port of its own` }];
    });
  },
};

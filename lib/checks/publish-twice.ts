import { Severity, type Check } from './check';

/** One port of a host is one service's. */
export const PUBLISH_TWICE: Check = {
  code: 'PUBLISH_TWICE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/compose-file/services/#ports',
  find: plan => {
    const first = new Map<number, string>();
    return plan.services.flatMap(({ id, path, publish, alsoPublished, image }) => [publish?.published, ...alsoPublished.map(also => also.published), image.facts.development?.debuggerPort].flatMap(port => {
      if (port === undefined) return [];
      const other = first.get(port);
      if (other === undefined) first.set(port, id);
      return other === undefined ? [] : [{ path, problem: `port ${port} is published by '${other}' too; give each a port of its own` }];
    }));
  },
};

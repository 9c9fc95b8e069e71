import { posix } from 'node:path';
import { Severity, type Check } from '../checks/check';
import { sortedUnique } from '../primitives/stable';
import { startedWorkloads } from '../services/plan-application';

/** ECS mounts directories: that of a config cannot be one in which something else is, too. */
export const FILE_DIRECTORY: Check = {
  code: 'FILE_DIRECTORY',
  severity: Severity.ERROR,
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html',
  find: plan => startedWorkloads(plan).flatMap(({ path, configs, scratchPaths, volumes, secrets }) => {
    const others = [...scratchPaths, ...volumes].map(other => other.path).concat(secrets.length > 0 ? ['/run/secrets'] : []);
    return sortedUnique(configs.map(config => posix.dirname(config.path))).filter(directory => directory === '/' || others.includes(directory)).map(directory => ({
      path,
      problem: `a config is in '${directory}', which ECS would mount as a directory of its own, over ${directory === '/' ? 'the whole image' : 'the one that is mounted there'};`
        + ' put it in a directory where nothing else is, such as /etc/config',
    }));
  }),
};

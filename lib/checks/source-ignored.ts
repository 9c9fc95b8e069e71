import { Severity, type Check } from './check';
import { eachBuild } from './each-stage';
import { isIgnoredName } from '../build/ignore-list';

/** What every ignore list leaves out never reaches a build. */
export const SOURCE_IGNORED: Check = {
  code: 'SOURCE_IGNORED',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/build/concepts/context/#dockerignore-files',
  find: plan => eachBuild(plan, build => build.sourcePaths.flatMap(path => {
    const ignored = plan.ignoredSources.find(other => path === other || path.startsWith(`${other}/`));
    if (ignored !== undefined) return [`'${path}' is read, but '${ignored}' is in 'ignored' of the App; take it out there, or read something else`];
    const name = path.split('/').find(isIgnoredName);
    return name === undefined ? [] : [`'${path}' is read, but '${name}' is left out of every build, as it holds caches or local secrets; give it another name, or mount it as a secret`];
  })),
};

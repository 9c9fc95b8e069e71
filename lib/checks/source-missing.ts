import { Severity, type Check } from './check';

/** COPY and bind mounts need their files. */
export const SOURCE_MISSING: Check = {
  code: 'SOURCE_MISSING',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/dockerfile/#copy',
  find: plan => plan.images.flatMap(image => (image.build?.sourcePaths ?? []).filter(path => plan.missingSources.includes(path)).map(path => ({
    path: image.path,
    problem: `there is no '${path}' in the App's root; create it, or correct the path`,
  }))),
};

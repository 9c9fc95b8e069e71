import { Severity, type Check } from './check';

/** Whoever has the image would have the secret. */
export const SECRET_IN_CONTEXT: Check = {
  code: 'SECRET_IN_CONTEXT',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/build/building/secrets/',
  find: plan => plan.secrets.flatMap(({ path, file }) => plan.images
    .filter(({ build }) => build?.sourcePaths.some(source => source === '.' || source === file || file.startsWith(`${source}/`)))
    .map(image => ({ path, problem: `its file '${file}' lies in what '${image.path}' is built from, and would be in the image; keep it elsewhere, such as in secrets/` }))),
};

import { Severity, type Check, type Problem } from './check';
import { eachBuild, eachStage } from './each-stage';
import type { Instruction } from '../build/instruction';
import { LAUNCHER_VARIABLE, workloads } from '../services/plan-application';

/** Whole words of a name, between underscores: those that BuildKit's own check knows. */
const SECRET = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
/** Ends of words, as in PGPASSWORD. A word that only starts so is none: MAX_TOKENS, TOKENIZERS_PARALLELISM. */
const SECRET_END = /(?:apikey|password|passwd|secret|token)(?:_|$)/i;
const HARMLESS = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** What hadolint's DL3064 knows besides: parts of names, and whole ones that are no secrets by themselves. */
const HADOLINT_PART = /api_key|client_key|password|private|secret|token|username/i;
const HADOLINT_NAME = new RegExp('^(?:CI_DEPLOY_USER|DOCKER_EMAIL|FACEBOOK_APP_ID|HEROKU_API_USER|OKTA_AUTHN_GROUPID|OKTA_CLIENT_ORGURL|OKTA_OAUTH2_CLIENTID'
  + '|STRIPE_DEVICE_NAME|TRAVIS_OS_NAME|TRAVIS_SECURE_ENV_VARS|TRAVIS_SUDO)$', 'i');
const HADOLINT_LINK = 'https://github.com/hadolint/hadolint/pull/1188';

/** Values of ENV and ARG stay readable in the image and its history; those of a service, in the files that are committed. */
export const SECRET_NAME: Check = {
  code: 'SECRET_NAME',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
  find: plan => [
    ...found(eachBuild(plan, build => build.globalArguments.map(({ name }) => name))),
    ...found(eachStage(plan, (_, stage) => stage.instructions.flatMap(declaredNames))),
    ...workloads(plan).flatMap(service => Object.keys(service.environment).filter(isWrittenSecret).map(name => ({
      path: service.path,
      problem: `'${name}' looks like a secret, and it would be written into committed files; mount a file instead, or acknowledge that it is none`,
    }))),
  ],
};

/** What there is to say of names of ENV and ARG. */
function found(names: readonly Problem[]): Problem[] {
  return names.flatMap(({ path, problem: name }): Problem[] => {
    if (looksSecret(name)) {
      return [{ path, problem: `'${name}' looks like a secret, and whoever has the image can read it; mount a file instead, or acknowledge that it is none` }];
    }
    if (!HADOLINT_PART.test(name) && !HADOLINT_NAME.test(name)) return [];
    return [{ path, severity: Severity.INFO, link: HADOLINT_LINK, problem: `hadolint takes '${name}' for a secret (DL3064); where it is one, mount a file instead` }];
  });
}

function declaredNames(instruction: Instruction): string[] {
  if (instruction.kind === 'environment') return Object.keys(instruction.variables).sort();
  return instruction.kind === 'argument' ? [instruction.name] : [];
}

/** What the launcher is told is where a secret is, not what it is. */
function isWrittenSecret(name: string): boolean {
  return !name.startsWith(LAUNCHER_VARIABLE) && looksSecret(name);
}

/** Whether whoever reads the name takes what it holds for a secret. */
export function looksSecret(name: string): boolean {
  return (SECRET.test(name) || SECRET_END.test(name)) && !HARMLESS.test(name);
}

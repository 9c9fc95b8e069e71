/** Which names of ENV and ARG are taken for secrets: as BuildKit and hadolint do it, and no others. */
import { appWith, refusal } from './declare';
import { BaseImage, Checks, MultiStageBuild, Service, Stage } from 'cdk-wheelhouse';

/** The words of BuildKit's SecretsUsedInArgOrEnv. @see https://github.com/moby/buildkit/blob/v0.30.0/frontend/dockerfile/dockerfile2llb/validations.go */
const BUILDKIT = ['apikey', 'auth', 'credential', 'credentials', 'key', 'password', 'pword', 'passwd', 'secret', 'token'];

/** @see https://github.com/hadolint/hadolint/blob/master/src/Hadolint/Rule/DL3064.hs */
const HADOLINT = [
  'ACCESS_TOKEN', 'APPLICATION_KEY', 'APP_SECRET', 'AUTH_TOKEN', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'BITTREX_API_KEY', 'BITTREX_API_SECRET', 'CF_PASSWORD',
  'CIRCLE_TOKEN', 'CI_DEPLOY_PASSWORD', 'DOCKERHUB_PASSWORD', 'DOCKER_PASSWORD', 'FACEBOOK_ACCESS_TOKEN', 'FACEBOOK_APP_SECRET', 'FIREBASE_API_TOKEN', 'FIREBASE_TOKEN',
  'FOSSA_API_KEY', 'GH_ENTERPRISE_TOKEN', 'GH_TOKEN', 'GITHUB_ENTERPRISE_TOKEN', 'GITHUB_TOKEN', 'HEROKU_API_KEY', 'NPM_AUTH_TOKEN', 'NPM_TOKEN', 'OKTA_CLIENT_TOKEN',
  'OKTA_OAUTH2_CLIENTSECRET', 'OPENAI_API_KEY', 'OS_PASSWORD', 'POSTGRES_PASSWORD', 'SLACK_TOKEN', 'STRIPE_API_KEY', 'VAULT_CLIENT_KEY', 'VAULT_TOKEN',
];
/** What hadolint reports though it is none, or need not be one. */
const HADOLINT_ONLY = [
  'CF_USERNAME', 'CI_DEPLOY_USER', 'DOCKER_EMAIL', 'DOCKER_USERNAME', 'FACEBOOK_APP_ID', 'HEROKU_API_USER', 'OKTA_AUTHN_GROUPID', 'OKTA_CLIENT_ORGURL', 'OKTA_OAUTH2_CLIENTID',
  'OS_USERNAME', 'STRIPE_DEVICE_NAME', 'TRAVIS_OS_NAME', 'TRAVIS_SECURE_ENV_VARS', 'TRAVIS_SUDO', 'GOPRIVATE', 'MAX_TOKENS', 'TOKENIZERS_PARALLELISM', 'AUTH_TOKEN_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE', 'PASSWORD_FILE', 'SECRET_VERSION', 'SECRETARY',
];
const HARMLESS = ['PUBLIC_KEY', 'KEY_FILE', 'PASSWD_FILE', 'AUTH_VERSION', 'MONKEY', 'KEYBOARD', 'AUTHOR', 'KEYS', 'GPG_KEYRING', 'LANG', 'PATH', 'PYTHON_VERSION', 'HTTPS_PROXY', 'DATABASE_HOST', 'PASSPORT'];

type Way = 'ENV' | 'ARG' | 'ARG before FROM';

/** What is found of a name that an image has. */
function told(name: string, way: Way = 'ENV'): string | undefined {
  const { app, application } = appWith();
  const image = new MultiStageBuild(application, 'image');
  const one = new Stage(image, 'one', { base: BaseImage.scratch() });
  if (way === 'ENV') one.environment({ [name]: 'x' });
  else (way === 'ARG' ? one : image).argument(name);
  Checks.acknowledge(image, 'SECRET_NAME', 'a test');
  const [finding] = app.synth().findings;
  return finding?.code === 'SECRET_NAME' ? `${finding.severity} ${finding.path}: ${finding.problem}` : undefined;
}

const secret = (name: string, path = 'shop/image/one') =>
  `error ${path}: '${name}' looks like a secret, and whoever has the image can read it; mount a file instead, or acknowledge that it is none`;

describe('SECRET_NAME', () => {
  test.each(BUILDKIT.flatMap(word => [word, word.toUpperCase(), `MY_${word}`, `${word}_OF_MINE`, `MY_${word}_ID`]))('refuses %s, which BuildKit reports', name => expect(told(name)).toBe(secret(name)));
  test.each(HADOLINT)('refuses %s, which hadolint reports', name => expect(told(name)).toBe(secret(name)));
  test.each(['PGPASSWORD', 'CLIENTSECRET', 'MYTOKEN', 'OPENAI_APIKEY', 'MYAPIKEY_DEV'])('refuses %s', name => expect(told(name)).toBe(secret(name)));
  test.each(HADOLINT_ONLY)('says that hadolint takes %s for one', name => expect(told(name)).toBe(
    `info shop/image/one: hadolint takes '${name}' for a secret (DL3064); where it is one, mount a file instead`));
  test.each(HARMLESS)('is silent for %s', name => {
    const { app, application } = appWith();
    new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() }).environment({ [name]: 'x' });
    expect(app.synth().findings).toEqual([]);
  });

  test('looks at arguments, wherever they are declared', () => {
    expect(told('PGPASSWORD', 'ARG')).toBe(secret('PGPASSWORD'));
    expect(told('PGPASSWORD', 'ARG before FROM')).toBe(secret('PGPASSWORD', 'shop/image'));
  });

  test('says nothing of hadolint where it does not look: in what a service sets', () => {
    const declare = (name: string) => {
      const { app, application } = appWith();
      const image = new MultiStageBuild(application, 'image');
      new Stage(image, 'one', { base: BaseImage.scratch() });
      new Service(application, 'api', { image, environment: { [name]: 'x' } });
      return app;
    };
    expect(declare('MAX_TOKENS').synth().findings).toEqual([]);
    expect(refusal(declare('PGPASSWORD'))).toEqual([expect.stringMatching(/^shop\/api: 'PGPASSWORD' looks like a secret, and it would be written into committed files; .*\[SECRET_NAME\]$/)]);
  });
});

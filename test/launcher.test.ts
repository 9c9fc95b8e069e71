/** The program that Python images carry to read secrets when they start, run by the Python of this machine. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { appWith, filesUnder, folder } from './declare';
import { nastyTexts } from './nasty-texts';
import { Application, ComposeFile, EnvValue, HealthCheck, PythonBase, PythonServer, PythonServiceImage, Secret, Service, type ServiceProps } from 'cdk-wheelhouse';

/** Says its environment, as JSON in ASCII; `quoted` is each value of it as urllib would have it. */
const SAYS = 'import json, os, urllib.parse; print(json.dumps([dict(os.environ), {name: urllib.parse.quote(value, safe="") for name, value in os.environ.items()}]))';
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();

/** A Python service with these variables, as synthesized. */
function declared(environment: (application: Application, db: Service) => Record<string, string | EnvValue>, props: Partial<ServiceProps> = {}) {
  const { app, application, outdir } = appWith();
  const image = new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  const db = new Service(application, 'db', { image });
  new Service(application, 'api', { image, environment: environment(application, db), ...props });
  new ComposeFile(application, 'compose');
  app.synth();
  const files = filesUnder(outdir);
  return { dockerfile: files['shop/images/api-image/Dockerfile'], service: parse(files['shop/compose.yaml']).services.api };
}

const SECRET = declared(application => ({ A: EnvValue.secret(new Secret(application, 'a')) }));
const ROOT = folder({ 'launch.py': /^COPY .*<<'EOF' \/launch\.py\n([^]*?)^EOF$/m.exec(SECRET.dockerfile)![1] });

/** Starts the launcher with these variables, and a command after it. */
function launched(variables: Record<string, string>, command: string[] = [PYTHON, '-c', SAYS]) {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-IS', join(ROOT, 'launch.py'), ...command], { encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C', ...variables }, maxBuffer: 1e8 });
  return { status, stderr, said: () => JSON.parse(stdout) as [Record<string, string>, Record<string, string>] };
}

/** The path of a file with this content. */
function file(name: string, content: string | Buffer): string {
  writeFileSync(join(ROOT, name), content);
  return join(ROOT, name);
}

/** What a variable becomes whose secret has this content. */
function read(content: string): string | undefined {
  const { status, said } = launched({ WHEELHOUSE_FILE_A: file('a', content) });
  return status === 0 ? said()[0].A : undefined;
}

describe('a secret', () => {
  test('becomes a variable of the process, and is none of the container', () => {
    expect(SECRET.service.environment).toEqual({ WHEELHOUSE_FILE_A: '/run/secrets/a' });
    expect(SECRET.service.secrets).toEqual(['a']);
    expect(read('p@ss/w:rd%')).toBe('p@ss/w:rd%');
  });

  test.each([['x\n', 'x'], ['x\n\n', 'x'], ['x \n', 'x '], ['\nx', '\nx'], ['a\nb\n', 'a\nb'], ['a\r\nb', 'a\r\nb'], ['é😀\n', 'é😀']])('of %j is %j, without the end of its last line', (content, value) => {
    expect(read(content)).toBe(value);
  });

  test('is what its file holds, whatever that is', () => {
    const texts = nastyTexts(600, 3).filter(text => text !== '' && !/[\r\n]$/.test(text));
    const variables = Object.fromEntries(texts.map((text, index) => [`WHEELHOUSE_FILE_V${index}`, file(`v${index}`, text)]));
    const [environment] = launched(variables).said();
    expect(texts.map((_, index) => environment[`V${index}`])).toEqual(texts);
  });

  test.each([['', 'empty'], ['\n', 'an empty line'], ['a\0b', 'a NUL'], [Buffer.from([0xff, 0xfe, 0x41]), 'bytes that are no text']])('of %j ends the start: %s', (content: string | Buffer, _: string) => {
    const path = file('a', content);
    expect(launched({ WHEELHOUSE_FILE_A: path })).toMatchObject({ status: 1, stderr: `secret ${path} is empty or no text; write the value into the file it comes from\n` });
  });

  test('with the line ends of Windows ends the start: a database would have another password than its clients', () => {
    const path = file('a', 'x\r\n');
    expect(launched({ WHEELHOUSE_FILE_A: path })).toMatchObject({
      status: 1, stderr: `secret ${path} ends in a carriage return, which others take for a part of it; write the file it comes from with the line ends of Unix\n`,
    });
  });

  test('whose file is not there ends the start', () => {
    const path = join(ROOT, 'none');
    expect(launched({ WHEELHOUSE_FILE_A: path })).toMatchObject({
      status: 1,
      stderr: `secret ${path} cannot be read by user ${process.getuid!()}: [Errno 2] No such file or directory: '${path}'; let that user read the file it comes from, such as with chmod 0444\n`,
    });
  });

  test('whose file is no file ends the start', () => {
    mkdirSync(join(ROOT, 'directory'), { recursive: true });
    expect(launched({ WHEELHOUSE_FILE_A: join(ROOT, 'directory') })).toMatchObject({ status: 1, stderr: expect.stringMatching(/^secret .* cannot be read by user \d+: \[Errno 21\] Is a directory/) });
  });
});

describe('a URL', () => {
  const url = (value: (application: Application, db: Service) => EnvValue): Record<string, string> =>
    declared((application, db) => ({ A: value(application, db) })).service.environment;
  const withPassword = url((application, db) => EnvValue.url({
    scheme: 'postgresql', host: db, port: 5432, user: 'us:er@', password: new Secret(application, 'password'), path: 'da ta/base', query: { 'ssl mode': 'a&b', 'x': 'ü' },
  }));

  test('without a password is text', () => {
    expect(url((_, db) => EnvValue.url({ scheme: 'redis', host: db, path: '0' }))).toEqual({ A: 'redis://db/0' });
    expect(url((_, db) => EnvValue.url({ scheme: 'http', host: db, port: 80, user: "a'(b)*!", path: '' }))).toEqual({ A: 'http://a%27%28b%29%2A%21@db:80/' });
    expect(url((_, db) => EnvValue.url({ scheme: 'http', host: db, query: {} }))).toEqual({ A: 'http://db' });
  });

  test('names the file of its password, and quotes the rest', () => {
    expect(withPassword).toEqual({ WHEELHOUSE_URL_A: 'postgresql://us%3Aer%40:{/run/secrets/password}@db:5432/da%20ta/base?ssl%20mode=a%26b&x=%C3%BC' });
    expect(url((application, db) => EnvValue.url({ scheme: 'redis', host: db, password: new Secret(application, 'password') }))).toEqual({ WHEELHOUSE_URL_A: 'redis://:{/run/secrets/password}@db' });
  });

  test('has its password quoted at the start', () => {
    const text = withPassword.WHEELHOUSE_URL_A.replace('/run/secrets/password', file('password', 'p@ss/w:rd%\n'));
    const [{ A: value }] = launched({ WHEELHOUSE_URL_A: text }).said();
    expect(value).toBe('postgresql://us%3Aer%40:p%40ss%2Fw%3Ard%25@db:5432/da%20ta/base?ssl%20mode=a%26b&x=%C3%BC');
    expect(decodeURIComponent(new URL(value).password)).toBe('p@ss/w:rd%');
  });

  test("quotes as Python's own urllib does, whatever it is", () => {
    const texts = nastyTexts(600, 4).filter(text => text !== '' && !/[\r\n]$/.test(text));
    const paths = texts.map((text, index) => file(`u${index}`, text));
    const variables = Object.fromEntries(paths.flatMap((path, index) => [[`WHEELHOUSE_FILE_F${index}`, path], [`WHEELHOUSE_URL_U${index}`, `x://:{${path}}@h`]]));
    const [environment, quoted] = launched(variables).said();
    expect(texts.map((_, index) => environment[`U${index}`])).toEqual(texts.map((_, index) => `x://:${quoted[`F${index}`]}@h`));
  });
});

describe('the launcher', () => {
  test('becomes the command, which it finds as a shell would, with its arguments and its exit code', () => {
    expect(launched({}, ['sh', '-c', 'test "$1" = "a b" && exit 7', 'sh', 'a b']).status).toBe(7);
    const { pid, stdout } = spawnSync(PYTHON, ['-IS', join(ROOT, 'launch.py'), PYTHON, '-c', 'import os; print(os.getpid())'], { encoding: 'utf8' });
    expect(Number(stdout)).toBe(pid);
  });

  test('is in the image only when a service asks for it', () => {
    expect(SECRET.dockerfile).toContain('ENTRYPOINT ["/venv/bin/python", "-IS", "/launch.py", "/venv/bin/python", "-m", "gunicorn"]\n');
    expect(declared(() => ({ A: 'x' })).dockerfile).not.toContain('launch');
  });

  test("starts a health check's command, which then sees the same variables", () => {
    const environment = (application: Application) => ({ A: EnvValue.secret(new Secret(application, 'a')) });
    const { service } = declared(environment, { healthCheck: HealthCheck.command(['/venv/bin/python', '-c', 'pass']) });
    expect(service.healthcheck.test).toEqual(['CMD', '/venv/bin/python', '-IS', '/launch.py', '/venv/bin/python', '-c', 'pass']);
  });
});

/** Overrides of compose.yaml: what no construct says, at a place that is there. */
import { parse } from 'yaml';
import { appWith, filesUnder } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import { Application, Checks, ComposeFile, RegistryImage, Service } from 'cdk-wheelhouse';

/** A service 'web' with a few things to change, and its compose file. */
function declared(application: Application, change: (file: ComposeFile) => unknown = () => undefined): ComposeFile {
  const image = new RegistryImage(application, 'image', { reference: 'example.com/web:1', facts: { ports: [8000, 9000], writablePaths: [{ path: '/a' }, { path: '/b' }, { path: '/c' }], handlesStopSignal: true } });
  new Service(application, 'web', { image, environment: { A: '1', B: '2' }, labels: { 'a/b': 'x' } });
  const file = new ComposeFile(application, 'compose');
  change(file);
  return file;
}

function text(change?: (file: ComposeFile) => unknown): string {
  const { app, application, outdir } = appWith();
  declared(application, change);
  app.synth();
  return filesUnder(outdir)['shop/compose.yaml'];
}

const web = (change: (file: ComposeFile) => unknown) => parse(text(change)).services.web;

describe('ComposeFile', () => {
  test('adds a key where it would have been printed', () => {
    const keys = (change?: (file: ComposeFile) => unknown) => Object.keys(parse(text(change)).services.web);
    expect(keys()).toEqual(['image', 'environment', 'tmpfs', 'restart', 'read_only', 'cap_drop', 'security_opt', 'labels']);
    expect(keys(file => { file.add('/services/web/x-note', 1); file.add('/services/web/shm_size', '64m'); file.add('/services/web/hostname', 'shop'); }))
      .toEqual(['image', 'hostname', 'environment', 'tmpfs', 'shm_size', 'restart', 'read_only', 'cap_drop', 'security_opt', 'labels', 'x-note']);
  });

  test('adds a service, a top-level key, and elements at the end of a list, in their order', () => {
    const document = parse(text(file => {
      file.add('/services/adminer', { read_only: true, image: 'adminer:5' });
      file.add('/x-note', ['$HOME', null, 1.5]);
      file.add('/include', ['other.yaml']);
      file.add('/services/web/cap_drop/-', 'B');
      file.add('/services/web/cap_drop/-', 'A');
    }));
    expect(Object.keys(document)).toEqual(['name', 'include', 'services', 'x-note']);
    expect(Object.keys(document.services)).toEqual(['adminer', 'web']);
    expect(Object.keys(document.services.adminer)).toEqual(['image', 'read_only']);
    expect(document['x-note']).toEqual(['$HOME', null, 1.5]);
    expect(document.services.web.cap_drop).toEqual(['ALL', 'B', 'A']);
  });

  test('replaces and removes what is there, elements of a list by their place in the file', () => {
    expect(web(file => file.replace('/services/web/restart', 'always')).restart).toBe('always');
    expect(web(file => { file.remove('/services/web/tmpfs/0'); file.replace('/services/web/tmpfs/1', '/x'); file.remove('/services/web/tmpfs/2'); }).tmpfs).toEqual(['/x']);
    expect(web(file => file.remove('/services/web/labels/a~1b')).labels).toEqual({});
    expect(web(file => file.remove('/services/web/environment')).environment).toBeUndefined();
  });

  test('writes the same bytes in whatever order places are overridden', () => {
    const changes: ((file: ComposeFile) => unknown)[] = [
      file => file.add('/services/web/ulimits', { nofile: 1 }), file => file.add('/services/web/init', true), file => file.add('/services/web/environment/C', '3'),
      file => file.add('/services/web/environment/D', '4'), file => file.remove('/services/web/tmpfs/0'), file => file.remove('/services/web/tmpfs/1'), file => file.replace('/name', 'other'),
    ];
    expect(text(file => [...changes].reverse().forEach(change => change(file)))).toBe(text(file => changes.forEach(change => change(file))));
    expect(text(file => changes.forEach(change => change(file)))).toContain('ulimits:\n');
  });

  test("copies values, and leaves compose's variables alone", () => {
    const list = ['${A:-b}'];
    const change = (file: ComposeFile) => { file.add('/services/web/dns', list); list.push('later'); };
    expect(web(change).dns).toEqual(['${A:-b}']);
  });

  test('writes what it always does when nothing is overridden', () => {
    expect(text()).toBe(text(file => { file.replace('/services/web/restart', 'unless-stopped'); }));
  });
});

describe('ComposeFile at once', () => {
  const file = () => new ComposeFile(appWith().application, 'compose');
  for (const path of ['services.web', '', '/', 'services/web', '/services//web', '/services/~web']) {
    refusesAtOnce(`the path '${path}'`, `override path '${path}' is no JSON pointer; write /services/web/shm_size, and in a key '~1' for '/' and '~0' for '~' [OVERRIDE_PATH]`,
      () => file().remove(path), () => file().remove('/services/web/a.b c~0~1'));
  }
  for (const value of [undefined, NaN, Infinity, () => 1, new Date(0), new Map(), Symbol('x'), 1n, { a: [undefined] }]) {
    refusesAtOnce(`the value ${String(value)}`, "value of '/x-a' is not JSON; give texts, finite numbers, true, false, null, and lists and maps of them [OVERRIDE_VALUE]",
      () => file().add('/x-a', value), () => file().replace('/x-a', { a: [null, true, 1.5, 'x'] }));
  }
});

describe('ComposeFile at synthesis', () => {
  const refuses = (name: string, lines: string[], bad: (file: ComposeFile) => unknown, good: (file: ComposeFile) => unknown) =>
    refusesAtSynth(name, lines.map(line => `shop/compose: ${line}`), application => declared(application, bad), application => declared(application, good));
  const KEYS = 'There is image, environment, tmpfs, restart, read_only, cap_drop, security_opt, labels';

  refuses('changing what is not there', [`there is no '/services/web/init'; name what is there, or use 'add'. ${KEYS} [OVERRIDE_MISSING]`],
    file => file.replace('/services/web/init', true), file => file.add('/services/web/init', true));
  refuses('removing what is not there', [`there is no '/services/web/init'; name what is there. ${KEYS} [OVERRIDE_MISSING]`],
    file => file.remove('/services/web/init'), file => file.remove('/services/web/restart'));
  refuses('adding what is there', ["'/services/web/restart' is there already; change it with 'replace' [OVERRIDE_THERE]"],
    file => file.add('/services/web/restart', 'no'), file => file.replace('/services/web/restart', 'no'));
  refuses('adding to what is not there', ["there is no '/services/wbe'; add it with what is to be in it. There is web [OVERRIDE_MISSING]"],
    file => file.add('/services/wbe/init', true), file => file.add('/services/wbe', { image: 'a', init: true }));
  refuses('a key of a text', ["there is no '/services/web/restart/a'; name what is there. There is nothing [OVERRIDE_MISSING]"],
    file => file.remove('/services/web/restart/a'), file => file.remove('/services/web/restart'));
  refuses('adding a key to a text', ["there is no '/services/web/restart/a'; name what is in a map or a list. There is nothing [OVERRIDE_MISSING]"],
    file => file.add('/services/web/restart/a', 1), file => file.add('/services/web/environment/C', '1'));
  refuses('an element behind the last', ["there is no '/services/web/tmpfs/3'; name what is there. There is 0, 1, 2 [OVERRIDE_MISSING]"],
    file => file.remove('/services/web/tmpfs/3'), file => file.remove('/services/web/tmpfs/2'));
  refuses('adding in the middle of a list', ["'/services/web/tmpfs/1' is in a list, to whose end elements are added; write '/services/web/tmpfs/-' [OVERRIDE_MISSING]"],
    file => file.add('/services/web/tmpfs/1', '/x'), file => file.add('/services/web/tmpfs/-', '/x'));
  refuses('two changes of one place', ["'/services/web/restart' and '/services/web/restart' are both overridden; say it in one [OVERRIDE_TWICE]"],
    file => { file.replace('/services/web/restart', 'no'); file.remove('/services/web/restart'); }, file => file.replace('/services/web/restart', 'no'));
  refuses('a change within another', ["'/services/web/environment/A' and '/services/web/environment' are both overridden; say it in one [OVERRIDE_TWICE]"],
    file => { file.remove('/services/web/environment/A'); file.remove('/services/web/environment'); },
    file => { file.remove('/services/web/environment/A'); file.remove('/services/web/environment/B'); });
  refuses('all that does not fit, together', [
    "there is no '/services/a'; name what is there. There is web [OVERRIDE_MISSING]", "there is no '/services/b'; name what is there. There is web [OVERRIDE_MISSING]",
  ], file => { file.remove('/services/b'); file.remove('/services/a'); }, file => file.remove('/services/web'));

  const SECRET = "'DB_PASSWORD' looks like a secret, and an override would write it into a committed file; declare a Secret instead, or acknowledge that it is none"
    + ' (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/) [SECRET_NAME]';
  refuses('a secret in an environment', [SECRET], file => file.add('/services/web/environment/DB_PASSWORD', 'x'), file => file.add('/services/web/environment/DB_PASSWORD_FILE', '/x'));
  refuses('a secret in a list of variables', [SECRET], file => file.add('/services/a', { environment: ['DB_PASSWORD=x'] }), file => file.add('/services/a', { environment: ['DB=x'] }));

  test('lets a secret pass that somebody says is none', () => {
    const { app, application } = appWith();
    const file = declared(application, compose => compose.add('/services/web/environment/DB_PASSWORD', 'x'));
    Checks.acknowledge(file, 'SECRET_NAME', 'of a database on this machine');
    expect(app.synth().findings.map(finding => finding.acknowledged)).toContain('of a database on this machine');
  });
});

/** Which packages of a lock are a reason to choose glibc. */
import { appWith } from './declare';
import { Libc } from '../lib/build/base-image-facts';
import { muslRemarks } from '../lib/python/musl-wheels';
import { PythonBase, PythonServer, PythonServiceImage } from 'cdk-wheelhouse';

const ALPINE = { label: 'alpine:3.23', facts: { python: '3.13', libc: Libc.MUSL, distribution: 'alpine 3.23' } };
const BOTH = ['x86_64', 'aarch64'];
const locked = (name: string, ...wheels: string[]) => ({ name, version: '1.0', wheels: wheels.map(tags => `${name}-1.0-${tags}.whl`), sdist: true });

describe('the remark on musl', () => {
  const pure = locked('flask', 'py3-none-any');
  const everywhere = locked('fast', ...BOTH.flatMap(processor => ['manylinux_2_17', 'musllinux_1_2'].map(system => `cp313-cp313-${system}_${processor}`)));
  const glibcOnly = locked('model', ...BOTH.map(processor => `cp313-cp313-manylinux_2_28_${processor}`));
  const sourceOnly = locked('old');
  const said = (base: typeof ALPINE, ...packages: ReturnType<typeof locked>[]) => (
    muslRemarks(base, undefined, packages).map(({ problem }) => problem));

  test('names the packages with a wheel for glibc and none for musl', () => {
    expect(said(ALPINE, pure, everywhere, glibcOnly, sourceOnly)).toEqual([
      'alpine:3.23 has musl, for which model 1.0 has no wheel, only for glibc: it is compiled, which takes minutes and a compiler; '
      + 'use an image with glibc, such as PythonBase.slim or PythonBase.wolfi',
    ]);
    expect(said(ALPINE, glibcOnly, { ...glibcOnly, name: 'other' })).toEqual([
      expect.stringContaining('for which model 1.0, other 1.0 have no wheel, only for glibc: they are compiled'),
    ]);
  });

  test('says when glibc would not help', () => {
    expect(said(ALPINE, pure, everywhere, sourceOnly)).toEqual(['alpine:3.23 has musl: each of the locked packages has a wheel for it, or none for glibc either']);
  });

  test('asks for a wheel of the musl that the release has', () => {
    expect(said({ ...ALPINE, facts: { ...ALPINE.facts, distribution: 'alpine 3.12' } }, everywhere).join()).toContain('fast 1.0 has no wheel');
  });

  test('is not made for glibc, nor without a lock', () => {
    expect(said({ ...ALPINE, facts: { ...ALPINE.facts, libc: Libc.GLIBC } }, glibcOnly)).toEqual([]);
    expect(muslRemarks(ALPINE, undefined, undefined)).toEqual([]);
  });

  test('is what MUSL says of an image with a lock', () => {
    const wheels = BOTH.map(processor => `{ url = "https://packages.example.com/files/model-1.0-cp313-cp313-manylinux_2_28_${processor}.whl", hash = "sha256:00" },`);
    const { app, application } = appWith({
      'app/main.py': '',
      'app/pyproject.toml': '[project]\nname = "web"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["model"]\n',
      'app/uv.lock': [
        'version = 1', 'revision = 3', 'requires-python = ">=3.13"', '', '[[package]]', 'name = "model"', 'version = "1.0"',
        'source = { registry = "https://packages.example.com/simple" }', 'wheels = [', ...wheels, ']', '', '[[package]]', 'name = "web"', 'version = "1"',
        'source = { virtual = "." }', 'dependencies = [{ name = "model" }]', '',
      ].join('\n'),
    });
    new PythonServiceImage(application, 'api', { source: 'app', base: PythonBase.alpine({ python: '3.13', alpine: '3.23' }), server: PythonServer.module('main') });
    expect(app.synth().findings.filter(({ code }) => code === 'MUSL').map(({ problem }) => problem)).toEqual([
      expect.stringContaining('python:3.13-alpine3.23 has musl, for which model 1.0 has no wheel'),
    ]);
  });
});

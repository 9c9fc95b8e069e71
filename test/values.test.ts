import { spawnSync } from 'node:child_process';
import { mustBeContainerPath } from '../lib/primitives/container-path';
import { durationText, mustBeSeconds } from '../lib/primitives/durations';
import { ImageReference } from '../lib/primitives/image-reference';
import { mustBeEnvironmentName } from '../lib/primitives/names';
import { mustBePort } from '../lib/primitives/ports';
import { shellWords } from '../lib/primitives/shell-quote';
import { sortedUnique, stableJson } from '../lib/primitives/stable';
import { readRequirements } from '../lib/python/requirements-file';

describe('ports', () => {
  for (const good of [1, 8000, 65535]) {
    test(`accept ${good}`, () => expect(() => mustBePort(good)).not.toThrow());
  }
  for (const bad of [0, -1, 65536, 1.5, NaN]) {
    test(`refuse ${bad}`, () => expect(() => mustBePort(bad)).toThrow(new Error(`port ${bad} is outside 1-65535 [PORT_RANGE]`)));
  }
});

describe('durations', () => {
  test.each([[0, '0s'], [59, '59s'], [60, '1m'], [90, '1m30s'], [3600, '60m']])('print %i seconds as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
  for (const bad of [-1, 0.5, NaN]) {
    test(`refuse ${bad}`, () => expect(() => mustBeSeconds('timeoutSeconds', bad)).toThrow(
      new Error(`timeoutSeconds ${bad} is not a duration; give a whole number of seconds from 0 up [DURATION_SECONDS]`)));
  }
});

describe('container paths', () => {
  for (const good of ['/', '/app', '/home/nonroot', '/a b/ü', '/.config']) {
    test(`accept '${good}'`, () => expect(() => mustBeContainerPath(good)).not.toThrow());
  }
  for (const bad of ['', 'app', '/app/', '//app', '/a/../b', '/a/./b', '/a\nb', '/$HOME', '/a*', '/"a"']) {
    test(`refuse ${JSON.stringify(bad)}`, () => expect(() => mustBeContainerPath(bad)).toThrow(new Error(
      `container path '${bad}' is not absolute and normal; start with '/', without '.', '..', '//', a trailing '/', control characters or any of * ? [ ] \\ $ " ' [CONTAINER_PATH]`)));
  }
});

describe('image references', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  test.each([
    ['nginx', 'nginx', undefined, undefined],
    ['python:3.13-slim', 'python', '3.13-slim', undefined],
    ['cgr.dev/chainguard/python:latest', 'cgr.dev/chainguard/python', 'latest', undefined],
    ['localhost:5000/a/b__c', 'localhost:5000/a/b__c', undefined, undefined],
    [`registry:5000/x:1@${digest}`, 'registry:5000/x', '1', digest],
  ])('read %s', (text, repository, tag, hash) => {
    const { repository: r, tag: t, digest: d } = ImageReference.parse(text);
    expect([r, t, d, ImageReference.parse(text).toString()]).toEqual([repository, tag, hash, text]);
  });
  for (const bad of ['', 'Python', 'a//b', 'a:', 'a:b c', 'a@sha256:12', 'a\nRUN x', '-a']) {
    test(`refuse ${JSON.stringify(bad)}`, () => expect(() => ImageReference.parse(bad)).toThrow(
      new Error(`'${bad}' is not an image reference such as registry.example.com/team/name:tag@sha256:… [IMAGE_REFERENCE]`)));
  }
});

describe('environment names', () => {
  for (const bad of ['', '1A', 'A-B', 'A B', 'A=B', 'Ä']) {
    test(`refuse '${bad}'`, () => expect(() => mustBeEnvironmentName(bad)).toThrow(
      new Error(`environment variable '${bad}' is not a name; use letters, digits and '_', not starting with a digit [ENVIRONMENT_NAME]`)));
  }
});

describe('shell words', () => {
  test('come out of a real shell as they went in', () => {
    const words = ['plain', 'two words', "it's", '"double"', '$HOME', '`date`', 'back\\slash', '*', '', 'line\nbreak', '~', '#no', 'ünï', '!x', '-n', 'a;b|c&d'];
    const { stdout } = spawnSync('/bin/sh', ['-c', `printf '%s\\0' ${shellWords(words)}`], { encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });
});

describe('stable text', () => {
  test('has its keys in code-unit order at every depth, lists as they are', () => {
    expect(stableJson({ b: [{ d: 1, c: 2 }], a: null, Z: 'ä' })).toBe(
      '{\n  "Z": "ä",\n  "a": null,\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    }\n  ]\n}\n');
  });
  test('sorts without regard to the locale', () => expect(sortedUnique(['ä', 'a', 'Z', 'z', 'a'])).toEqual(['Z', 'a', 'z', 'ä']));
});

describe('requirements files', () => {
  test('are read with continuation lines, comments, extras, markers, hashes and includes', () => {
    const text = [
      '# a comment', '--index-url https://example.com/simple', '-r base.txt', '-c ./limits.txt', '--requirement=more.txt', '',
      'Flask_Login[x,y]>=1 ; python_version > "3" # why', 'zope.interface==5 \\', '    --hash=sha256:aa \\', '    --hash=sha256:bb',
    ].join('\r\n');
    expect(readRequirements(text)).toEqual({
      names: ['flask-login', 'zope-interface'],
      versions: { 'zope-interface': '5' },
      hashed: 1,
      unhashed: 'Flask_Login[x,y]>=1 ; python_version > "3"',
      includes: ['base.txt', 'more.txt'],
      constraints: ['./limits.txt'],
      local: [],
    });
  });
  test('name what is on the local disk', () => {
    expect(readRequirements('-e .\n./pkg\nfile:///x.whl\n../up\nflask').local).toEqual(['-e .', './pkg', 'file:///x.whl', '../up']);
  });
});

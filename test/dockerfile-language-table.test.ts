/** docs/dockerfile-language.md: names everything that the Dockerfile reference has, and only what there is here. */
import { readFileSync } from 'node:fs';
import { appWith, filesUnder } from './declare';
import { publicMembers } from './public-members';
import { BaseImage, MultiStageBuild, Stage } from 'cdk-wheelhouse';

/** One line for each name, taken from the reference: https://docs.docker.com/reference/dockerfile/ */
const NAMES = readFileSync('test/dockerfile-language-names.txt', 'utf8').trim().split('\n');
const ROWS = readFileSync('docs/dockerfile-language.md', 'utf8').split('\n').flatMap(line => {
  const [, name, here, note] = /^\| `(.+?)` \| ?(.*?) ?\| ?(.*?) ?\|$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, here, note }];
});

const MEMBERS = publicMembers();

describe('docs/dockerfile-language.md', () => {
  test('has a row for each name of the reference, and no other', () => {
    expect(ROWS.map(({ name }) => name)).toEqual(NAMES);
    expect(new Set(NAMES).size).toBe(NAMES.length);
  });

  test.each(ROWS)('says of $name what there is here, or why there is nothing', ({ here, note }) => {
    const members = [...`${here} ${note}`.matchAll(/`([A-Z][A-Za-z]+\.[A-Za-z]+)`/g)].map(([, member]) => member);
    expect(members.filter(member => !MEMBERS.has(member))).toEqual([]);
    if (here === '') expect(note).toMatch(/^.{20,}/);
    else expect(here).toMatch(/^`[A-Z][A-Za-z]+\.[A-Za-z]+`$/);
  });

  test('knows which members there are', () => {
    expect(['Stage.copy', 'CacheMountProps.userId', 'Protocol.UDP', 'Stage.node'].map(member => MEMBERS.has(member))).toEqual([true, true, true, false]);
    expect(MEMBERS.has('Stage.add')).toBe(false);
  });

  test('names each method by which a stage says something', () => {
    const said = ROWS.flatMap(({ here, note }) => [...`${here} ${note}`.matchAll(/`([A-Za-z]+\.[A-Za-z]+)`/g)].map(([, member]) => member));
    const missing = [...MEMBERS].filter(member => /^(Stage|Mount|RunOptions|\w+MountProps|FileOptions|CopyOptions|AddRemoteOptions|AddArchiveOptions|MultiStageBuildProps)\.[a-z]/.test(member))
      .filter(member => !said.includes(member) && !isInherited(member) && member !== 'Stage.constructor');
    expect(missing).toEqual([]);
  });

  /** Said of the option that has it first. */
  function isInherited(member: string): boolean {
    const [type, name] = member.split('.');
    return type !== 'FileOptions' && MEMBERS.has(`FileOptions.${name}`) || type === 'MountOwnerProps' || MEMBERS.has(`ProcessProps.${name}`);
  }
});

test('ADD leaves out what of a repository is not wanted', () => {
  const { app, application, outdir } = appWith();
  new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() })
    .addRemote('https://example.com/team/name.git#v1', '/opt/name', { excludes: ['*.md', 'docs'] });
  app.synth();
  expect(filesUnder(outdir)['shop/images/image/Dockerfile']).toContain('ADD --exclude=*.md --exclude=docs "https://example.com/team/name.git#v1" /opt/name\n');
});

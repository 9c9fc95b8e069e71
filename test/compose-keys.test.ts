/** docs/compose.md: names every key of the published schema once, and only what there is here. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { publicMembers } from './public-members';

const SCHEMA = JSON.parse(readFileSync('node_modules/dclint/schemas/compose.schema.json', 'utf8'));
const { service, network, volume, secret, config, healthcheck, deployment } = SCHEMA.definitions;
const SECTIONS: Record<string, { properties: object }> = {
  'The file': SCHEMA,
  'A service': service,
  '`build` of a service': service.properties.build.oneOf[1],
  '`healthcheck` of a service': healthcheck,
  '`deploy` of a service': deployment,
  'A network': network,
  'A volume': volume,
  'A secret': secret,
  'A config': config,
};
const MEMBERS = new Set([...publicMembers(), 'Application.node', 'Service.node', 'Job.node', 'Network.node', 'Volume.node', 'Secret.node', 'Config.node']);

/** The rows below a heading. */
function rows(heading: string): { key: string; here: string; note: string }[] {
  const section = readFileSync('docs/compose.md', 'utf8').split('\n## ').find(text => text.startsWith(`${heading}\n`)) ?? '';
  return section.split('\n').flatMap(line => {
    const [, key, here, note] = /^\| `(.+?)` \| ?(.*?) ?\| ?(.*?) ?\|$/.exec(line) ?? [];
    return key === undefined ? [] : [{ key, here, note }];
  });
}

describe.each(Object.keys(SECTIONS))('%s in docs/compose.md', heading => {
  test('has a row for each key of the schema, and no other', () => {
    expect(rows(heading).map(({ key }) => key).sort()).toEqual(Object.keys(SECTIONS[heading].properties).sort());
  });

  test.each(rows(heading))('says of $key what there is here, or why there is nothing', ({ here, note }) => {
    const said = [...`${here} ${note}`.matchAll(/`([A-Z][A-Za-z]+\.[A-Za-z]+)`/g)].map(([, member]) => member);
    expect(said.filter(member => !MEMBERS.has(member))).toEqual([]);
    expect(here).toMatch(/^(|set: .+|`[A-Z][A-Za-z]+\.[A-Za-z]+`(, `[A-Z][A-Za-z]+\.[A-Za-z]+`)*)$/);
    if (here === '') expect(note).toMatch(/^.{10,}/);
  });
});

describe('docs/compose.md', () => {
  const everything = parse(readFileSync('test/golden/compose-everything.yaml', 'utf8'));
  const printed = (documents: object[]) => [...new Set(documents.flatMap(document => Object.keys(document)))].sort();
  const declared = (heading: string, ...others: string[]) => rows(heading).filter(({ here, key }) => here !== '' && !others.includes(key)).map(({ key }) => key).sort();
  const services = Object.values<any>(everything.services);

  test('says that of a key which is there in a file that has everything', () => {
    expect(declared('The file')).toEqual(printed([everything]));
    // that of images for development is in their own tests, and that of several images of one build too
    expect(declared('A service', 'develop')).toEqual(printed(services));
    expect(declared('`build` of a service', 'target')).toEqual(printed(services.flatMap(({ build }) => build ?? [])));
    expect(declared('`healthcheck` of a service')).toEqual(printed(services.flatMap(({ healthcheck: check }) => check ?? [])));
    expect(declared('`deploy` of a service')).toEqual(printed(services.flatMap(({ deploy }) => deploy ?? [])));
    expect(declared('A network')).toEqual(printed(Object.values(everything.networks)));
    expect(declared('A volume')).toEqual(printed(Object.values(everything.volumes)));
    expect(declared('A secret')).toEqual(printed(Object.values(everything.secrets)));
    expect(declared('A config')).toEqual(printed(Object.values(everything.configs)));
  });
});

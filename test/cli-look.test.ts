/** `wheelhouse list` and `graph`: what they tell of the last synth. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wheelhouse } from './cli-run';
import { appWith, declareShop, folder } from './declare';

/** A folder as synth leaves it, with these services. */
function output(services: Record<string, object>, networks: object = {}, images: object = {}, jobs: object = {}): string {
  return folder({ 'manifest.json': JSON.stringify({ applications: { shop: { services, jobs, networks, images } } }) });
}

const SHOP = output({
  web: { image: 'web-image', networks: ['front'], dependsOn: ['api'], publish: { published: 80, target: 8080 }, ports: [8080, 9000], routes: [{ prefix: '/', service: 'api', port: 8000 }, { prefix: '/static/', service: 'api' }] },
  api: { image: 'api-image', networks: ['back', 'front'], dependsOn: ['db', 'migrate'], ports: [8000], routes: [] },
  worker: { image: 'api-image', networks: ['back'], dependsOn: ['db'], reaches: ['db'] },
  db: { image: 'postgres:17', networks: ['back'], ports: [5432], volumes: ['data'] },
  mail: { networks: ['other'], dependsOn: ['db'] },
}, { front: { internal: false }, back: { internal: true } }, { 'api-image': { dockerfile: 'shop/images/api-image/Dockerfile', stage: 'runtime' } }, {
  migrate: { image: 'api-image', networks: ['back'], dependsOn: ['db'] },
});

describe('wheelhouse list', () => {
  test('shows an application as a tree', async () => {
    expect(await wheelhouse('list', '--output', SHOP)).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'shop',
        '├─ services',
        '│  ├─ api     api-image    8000              on back, front; after db, migrate',
        '│  ├─ db      postgres:17  5432              on back',
        '│  ├─ mail                 -                 on other; after db',
        '│  ├─ web     web-image    80 -> 8080, 9000  on front; after api',
        '│  └─ worker  api-image    -                 on back; after db',
        '├─ jobs',
        '│  └─ migrate  api-image  -  on back; after db',
        '├─ images',
        '│  └─ api-image  shop/images/api-image/Dockerfile, stage runtime',
        '├─ networks',
        '│  ├─ back   api, db, migrate, worker, reaches nothing outside',
        '│  ├─ front  api, web',
        '│  └─ other  mail',
        '└─ volumes',
        '   └─ data  db',
        '',
      ].join('\n'),
    });
  });

  test('shows what synth wrote', async () => {
    const { app, application, root } = appWith();
    declareShop(application);
    app.synth();
    expect((await wheelhouse('list', 'shop', '--directory', root)).stdout).toBe([
      'shop', '├─ services', '│  ├─ api  api-image  8000          on default', '│  └─ web  web-image  8080 -> 8080  on default; after api', '├─ images',
      '│  ├─ api-image  shop/images/api-image/Dockerfile', '│  └─ web-image  shop/images/web-image/Dockerfile', '└─ networks', '   └─ default  api, web', '',
    ].join('\n'));
  });

  test('says when a job is started', async () => {
    const { stdout } = await wheelhouse('list', '--output', output({}, {}, {}, { clean: { image: 'api-image', schedule: '0 3 * * *', dependsOn: [] } }));
    expect(stdout).toBe('shop\n└─ jobs\n   └─ clean  api-image  -  at 0 3 * * *\n');
  });

  test('says the same as JSON', async () => {
    const { stdout } = await wheelhouse('list', '--json', '--output', SHOP);
    expect(JSON.parse(stdout).shop.networks.back).toEqual({ internal: true, members: ['api', 'db', 'migrate', 'worker'] });
    expect(JSON.parse(stdout).shop.services.web.publish).toEqual({ published: 80, target: 8080 });
  });

  test('takes a manifest that leaves things out', async () => {
    const bare = folder({ 'manifest.json': '{"applications":{"shop":{"services":{"api":{}}},"empty":{}}}' });
    expect((await wheelhouse('list', '--output', bare)).stdout).toBe('empty\n\nshop\n└─ services\n   └─ api    -\n');
    expect(await wheelhouse('graph', 'shop', '--output', bare)).toMatchObject({ status: 0, stdout: expect.stringContaining('s1["api"]') });
    expect(await wheelhouse('list', '--output', folder({ 'manifest.json': '{}' }))).toMatchObject({ status: 0, stdout: '' });
  });

  test('says so when a synth was cut off', async () => {
    const cut = folder({ 'manifest.json': '{}', 'journal.json': '{}' });
    expect((await wheelhouse('list', '--output', cut)).stderr).toBe(
      `wheelhouse: a synth was cut off in '${cut}', or is at work: this may be old; run wheelhouse synth again\n`);
  });

  test.each([['list', 'store'], ['graph', 'store'], ['up', 'store'], ['down', 'store']])('%s %s names the applications that there are', async (...args) => {
    expect(await wheelhouse(...args, '--output', SHOP)).toEqual({ status: 2, stdout: '', stderr: "wheelhouse: no application is called 'store'; there are: shop\n" });
  });

  test('refuses what is no manifest', async () => {
    const broken = folder({ 'manifest.json': '{' });
    expect(await wheelhouse('list', '--output', broken)).toEqual(
      { status: 1, stdout: '', stderr: `wheelhouse: '${broken}/manifest.json' is not JSON; run wheelhouse synth again, or restore the file\n` });
  });
});

describe('wheelhouse graph', () => {
  test('says who talks to whom over which network, and what is published', async () => {
    expect((await wheelhouse('graph', '--output', SHOP)).stdout.split('\n')).toEqual([
      'flowchart LR', '  outside((outside))', '  subgraph application["shop"]',
      '    s1["api<br>api-image<br>on back, front"]', '    s2["db<br>postgres:17<br>on back"]', '    s3["mail<br>on other"]',
      '    s4["migrate (job)<br>api-image<br>on back"]', '    s5["web<br>web-image<br>on front"]', '    s6["worker<br>api-image<br>on back"]', '  end',
      '  outside -- ":80 to :8080" --> s5',
      '  s1 -. "starts after<br>over back" .-> s2', '  s1 -. "starts after<br>over back" .-> s4', '  s3 -. "starts after<br>no network in common" .-> s2',
      '  s4 -. "starts after<br>over back" .-> s2', '  s5 -- "/ :8000, /static/<br>over front" --> s1', '  s6 -- "over back" --> s2', '',
    ]);
  });

  test('has to be told which of several applications', async () => {
    const two = folder({ 'manifest.json': '{"applications":{"shop":{},"store":{}}}' });
    expect(await wheelhouse('graph', '--output', two)).toEqual({ status: 2, stdout: '', stderr: 'wheelhouse: there are 2 applications; name one of: shop, store\n' });
    expect((await wheelhouse('graph', 'store', '--output', two)).status).toBe(0);
  });

  describe('--svg', () => {
    let svg: string;
    beforeAll(async () => {
      const file = join(folder(), 'shop.svg');
      expect(await wheelhouse('graph', '--svg', file, '--output', SHOP)).toEqual({ status: 0, stdout: `wrote ${file}\n`, stderr: '' });
      svg = readFileSync(file, 'utf8');
    });
    /** Boxes by their first words: left, top, right, bottom. */
    const boxes = () => Object.fromEntries([...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" rx[^>]*\/><text[^>]*>([^<]+)</g)]
      .map(([, x, y, width, height, name]) => [name, [Number(x), Number(y), Number(x) + Number(width), Number(y) + Number(height)]]));

    test('draws from what is outside to what is behind', () => {
      const left = (name: string) => boxes()[name][0];
      const order = ['outside', 'web', 'api', 'migrate (job)', 'db'].map(left);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(left('worker')).toBeLessThan(left('db'));
    });

    test('lays no box over another, and none outside the picture', () => {
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
      const all = Object.entries(boxes());
      expect(all).toHaveLength(7);
      for (const [name, [left, top, right, bottom]] of all) {
        expect([name, left >= 0 && top >= 0 && right <= width && bottom <= height]).toEqual([name, true]);
        for (const [other, box] of all.filter(one => one[0] !== name)) {
          expect([name, other, left < box[2] && box[0] < right && top < box[3] && box[1] < bottom]).toEqual([name, other, false]);
        }
      }
    });

    test('draws each line once, dashed where it is only start order', () => {
      expect(svg.match(/marker-end/g)).toHaveLength(7);
      expect(svg.match(/stroke-dasharray="5 4" marker-end/g)).toHaveLength(4);
      expect(svg).toContain('no network in common');
      expect(svg).toContain('>/ :8000, /static/<');
    });

    test('shows names as they are', async () => {
      const file = join(folder(), 'odd.svg');
      await wheelhouse('graph', '--svg', file, '--output', output({ web: { image: '<b>&"' } }));
      expect(readFileSync(file, 'utf8')).toContain('&#60;b&#62;&#38;&#34;');
    });
  });

  test('draws services that wait for each other', async () => {
    expect((await wheelhouse('graph', '--output', output({ a: { dependsOn: ['b'] }, b: { dependsOn: ['a'] } }))).status).toBe(0);
  });
});

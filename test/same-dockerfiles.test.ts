/** The same declaration in the trees of aws-cdk, cdk8s, cdktf, cdktn and our own App: the same Dockerfiles, byte for byte. */
import { join } from 'node:path';
import { App as AwsApp, Stack } from 'aws-cdk-lib/core';
import { App as ClusterApp, Chart } from 'cdk8s';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import type { Construct } from 'constructs';
import { declareShop, FLASK_SOURCE, folder } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { declareNotes } from '../examples/one-declaration/application';
import { SourceDirectory } from '../lib/build/source-directory';
import { examine, invalidLines } from '../lib/output/examined-application';
import { contentTags, imageFiles } from '../lib/output/image-files';
import * as wheelhouse from 'cdk-wheelhouse';
import { App, Application } from 'cdk-wheelhouse';

/** Trees in which an application may be declared, whose images are built from that folder. */
const OURS = (root: string): Construct => new App({ root, outdir: join(root, 'wheelhouse.out') });
const HOSTS: Record<string, (root: string) => Construct> = {
  'aws-cdk': root => builtFrom(root, new Stack(new AwsApp(), 'host')),
  'cdk8s': root => builtFrom(root, new Chart(new ClusterApp(), 'host')),
  'cdktf': root => builtFrom(root, new cdktf.TerraformStack(new cdktf.App(), 'host')),
  'cdktn': root => builtFrom(root, new cdktn.TerraformStack(new cdktn.App(), 'host')),
};

function builtFrom(root: string, scope: Construct): Construct {
  SourceDirectory.attach(scope.node.root, root, join(root, 'wheelhouse.out'));
  return scope;
}

/** All that is made of an application, whatever tree it is in. */
function made(application: Application) {
  const source = SourceDirectory.of(application);
  const { plan, findings } = examine(application);
  const tagOf = contentTags(plan, source);
  const { id, path } = application.node;
  return {
    files: imageFiles(plan, source, true).map(({ path: file, text }) => ({ file, text })),
    tags: plan.images.map(image => `${image.id}:${tagOf(image.id)}`),
    findings: findings.map(finding => ({ ...finding, path: finding.path.replace(path, id) })),
    invalid: invalidLines(application),
  };
}

/** The application that the program of an example declares, with another root of its tree than our App. */
function exampleIn(example: string, tree: (root: string) => Construct): Application {
  let scope: Construct | undefined;
  jest.isolateModules(() => {
    jest.doMock('cdk-wheelhouse', () => ({
      ...wheelhouse,
      App: function ({ root }: { root: string }) {
        scope = tree(root);
        return Object.assign(scope, { synth: () => undefined });
      },
    }));
    jest.requireActual(`../examples/${example}/application`);
  });
  return scope!.node.findAll().find(construct => construct instanceof Application)!;
}

type Declare = (tree: (root: string) => Construct) => Application;
const folders = { full: folder(FULL_SOURCE), shop: folder(FLASK_SOURCE) };
const declarations: [name: string, declare: Declare][] = [
  ['An application that uses everything', tree => {
    const application = new Application(tree(folders.full), 'shop');
    declareEverything(application);
    return application;
  }],
  ['A shop behind nginx', tree => {
    const application = new Application(tree(folders.shop), 'shop');
    declareShop(application);
    return application;
  }],
  ['examples/one-declaration', tree => declareNotes(tree('examples/one-declaration'))],
  ...['django-celery', 'fastapi-postgres', 'fastapi-uv', 'flask-nginx'].map((name): [string, Declare] => [`examples/${name}`, tree => exampleIn(name, tree)]),
];

describe.each(declarations)('%s', (_, declare) => {
  const ours = made(declare(OURS));

  test('has Dockerfiles', () => {
    expect(ours.files.filter(({ text }) => text.includes('\nFROM ')).length).toBeGreaterThan(0);
    expect(ours.tags.length).toBeGreaterThan(0);
    expect(ours.invalid).toEqual([]);
  });

  test.each(Object.entries(HOSTS))('has the same ones in a tree of %s', (__, host) => expect(made(declare(host))).toEqual(ours));
});

/** What the examples print for Kubernetes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { synthesize } from '../../examples';

/** What every object has. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly generation?: number;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** As much of an object's shape as the judges look at. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: any;
}

/** One example. */
export interface Manifest {
  readonly example: string;
  /** Path of `kubernetes.yaml`, or of what cdk8s wrote. */
  readonly file: string;
  readonly objects: readonly KubernetesObject[];
}

/** Examples whose declaration says that they have a `kubernetes.yaml`, and those with a program for cdk8s. */
export function declared(): string[] {
  return readdirSync('examples', { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name)
    .filter(name => readdirSync(join('examples', name)).includes('application.ts'))
    .filter(name => isChart(name) || readFileSync(join('examples', name, 'application.ts'), 'utf8').includes('new KubernetesFile(')).sort();
}

function isChart(example: string): boolean {
  return readdirSync(join('examples', example)).includes('kubernetes.ts');
}

/** Each of them, synthesized now. */
export function manifests(): Manifest[] {
  return declared().flatMap(example => {
    const run = isChart(example) ? { program: 'kubernetes.ts', output: 'cdk8s.out' } : { output: 'wheelhouse.out' };
    const { root, files } = synthesize(example, run);
    return Object.keys(files).filter(path => path.endsWith('/kubernetes.yaml') || path.endsWith('.k8s.yaml')).map(path => (
      { example, file: join(root, run.output, path), objects: read(files[path]) }
    ));
  });
}

/** The objects of a file, which has to be YAML without a fault. */
export function read(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map(document => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/** A file with these objects, in JSON: other readers of YAML take an unquoted `on` for true. */
export function written(objects: readonly object[]): string {
  return objects.map(object => `${JSON.stringify(object)}\n`).join('---\n');
}

/** Pod template of a workload, undefined of anything else. */
export function podTemplate(object: KubernetesObject): { readonly metadata?: Metadata; readonly spec: any } | undefined {
  if (object.kind === 'Pod') return object as any;
  return object.kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec?.template;
}

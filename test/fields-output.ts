/** Synthesizes a declaration once without and once with something, and says what that has changed in each output. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesUnder } from './declare';
import { hostOutputs, type HostSettings } from './fields-hosts';
import { codesOf, leaves, orRefused, stable, type Leaf, type Line, type Output } from './fields-lines';
import { readDockerfile } from '../lib/output/read-dockerfile';
import { App, Application, ComposeFile, KubernetesFile, type FileTarget, type KubernetesFileProps, type Loss } from 'cdk-wheelhouse';

/** Declares what is tried; answers with settings of targets, where those are what is tried. */
export type Declaration = (application: Application) => void | (HostSettings & { readonly kubernetes?: KubernetesFileProps });

/** How an output differs from another. */
export interface Difference {
  readonly added: Line[];
  readonly removed: Line[];
  readonly losses: Loss[];
  /** What was reported and no longer is. */
  readonly mended: Loss[];
  readonly refused: string[];
}

interface Target {
  readonly title: string;
  readonly add?: (application: Application, props?: KubernetesFileProps) => FileTarget;
  /** Files that are its. @default - it is made in the tree of another host */
  readonly files?: RegExp;
}

const KUBERNETES = { registry: 'registry.example.com/shop' };

/** Outputs, in the order of the table's columns. */
export const TARGETS: Record<string, Target> = {
  compose: { title: 'compose', add: application => new ComposeFile(application, 'compose'), files: /^(compose\.yaml|configs\/.*)$/ },
  kubernetes: {
    title: 'Kubernetes', add: (application, props) => new KubernetesFile(application, 'kubernetes', { ...KUBERNETES, ...props }), files: /^(kubernetes|kustomization)\.yaml$/,
  },
  ecs: { title: 'ECS' },
  terraform: { title: 'Terraform on AWS' },
  docker: { title: 'Terraform on Docker' },
  dockerfile: { title: 'Dockerfile', files: /^images\// },
};

/** These outputs of a declaration. A target that refuses it is tried alone, so that others are not refused with it. */
export function outputs(root: string, names: readonly string[], declare: Declaration): Record<string, Output> {
  const isOfFiles = (name: string) => TARGETS[name].files !== undefined;
  return { ...ofFiles(root, names.filter(isOfFiles), declare), ...ofHosts(root, names.filter(name => !isOfFiles(name)), declare) };
}

function ofFiles(root: string, names: readonly string[], declare: Declaration): Record<string, Output> {
  if (names.length === 0) return {};
  try {
    return synthesized(root, declare, names);
  } catch {
    return Object.fromEntries(names.map(name => [name, orRefused(() => synthesized(root, declare, [name])[name])]));
  }
}

function ofHosts(root: string, names: readonly string[], declare: Declaration): Record<string, Output> {
  if (names.length === 0) return {};
  const application = new Application(new App({ root, outdir: join(root, 'wheelhouse.out') }), 'shop');
  try {
    return hostOutputs(application, names, declare(application) ?? {});
  } catch (error) {
    return Object.fromEntries(names.map(name => [name, { lines: [], losses: [], refused: codesOf(error) }]));
  }
}

function synthesized(root: string, declare: Declaration, names: readonly string[]): Record<string, Output> {
  const outdir = join(root, 'wheelhouse.out');
  const app = new App({ root, outdir });
  const application = new Application(app, 'shop');
  const settings = declare(application);
  for (const name of names) TARGETS[name].add?.(application, settings?.kubernetes);
  const { losses } = app.synth();
  const files = existsSync(join(outdir, 'shop')) ? filesUnder(join(outdir, 'shop')) : {};
  return Object.fromEntries(names.map(name => [name, {
    lines: Object.entries(files).filter(([path]) => TARGETS[name].files!.test(path)).flatMap(([path, text]) => linesOf(path, text)),
    losses: losses.filter(({ target }) => target === name),
    refused: [],
  }]));
}

/** What the second has and the first has not, and the other way round. */
export function difference(before: Output, after: Output): Difference {
  const missing = <T>(from: readonly T[], all: readonly T[], key: (one: T) => string) => {
    const left = new Map<string, number>();
    for (const one of all) left.set(key(one), (left.get(key(one)) ?? 0) + 1);
    return from.filter(one => {
      const count = left.get(key(one)) ?? 0;
      left.set(key(one), count - 1);
      return count < 1;
    });
  };
  const lineKey = ({ path, value }: Line) => `${path}\n${value}`;
  const lossKey = ({ path, declared, instead }: Loss) => `${path}\n${declared}\n${instead}`;
  return {
    added: missing(after.lines, before.lines, lineKey),
    removed: missing(before.lines, after.lines, lineKey),
    losses: missing(after.losses, before.losses, lossKey),
    mended: missing(before.losses, after.losses, lossKey),
    refused: after.refused,
  };
}

function linesOf(path: string, text: string): Line[] {
  if (/\.dockerignore$/.test(path)) return text.split('\n').filter(line => !/^(#|$)/.test(line)).map(value => ({ field: ['ignore file'] as const, path, value }));
  if (/Dockerfile$/.test(path)) return dockerfileLines(path, text);
  if (!/\.yaml$/.test(path)) return [{ field: [path.replace(/[^/]+$/, '<id>')], path, value: text }];
  return parseAllDocuments(text).flatMap(document => {
    const content = document.toJS();
    return path === 'compose.yaml' ? leaves(content).map(composeLine) : leaves(content).map(leaf => kubernetesLine(leaf, content));
  });
}

function composeLine({ keys, value }: Leaf): Line {
  const named = keys.map((key, index) => {
    if (index === 1) return '<id>';
    return index > 2 && /^(environment|labels|depends_on|options)$/.test(keys[index - 1]) ? '<name>' : key;
  });
  return { field: ['', ...named], path: keys.join('.'), value };
}

const POD_KINDS = ['Deployment', 'StatefulSet', 'Job', 'CronJob', 'DaemonSet'];
const OWN_NAME = /^(app\.kubernetes\.io|pod-security\.kubernetes\.io|cdk-wheelhouse|kubernetes\.io)\//;

/** What is in the template of a pod is called `pod`, whoever makes the pod. */
function kubernetesLine({ keys, value }: Leaf, { kind, metadata }: { kind: string; metadata: { name?: string } }): Line {
  const named = keys.map((key, index) => index > 0 && /^(annotations|labels|matchLabels|data)$/.test(keys[index - 1]) && !OWN_NAME.test(key) ? '<name>' : key);
  const name = stable(metadata?.name ?? '');
  const template = POD_KINDS.includes(kind) ? keys.indexOf('template') + 1 : 0;
  if (template === 0) return { field: [kind, ...named], path: `${kind} ${name} ${keys.join('.')}`, value, whole: keys[0] === 'apiVersion' };
  return { field: ['pod', ...named.slice(template)], path: `pod ${name} ${keys.slice(template).join('.')}`, value };
}

/** A file that is written in the Dockerfile is looked into; of it, each line is one. */
function dockerfileLines(path: string, text: string): Line[] {
  const comments = text.split('\n').flatMap((line): Line[] => /^# (syntax|check)=/.test(line) ? [{ field: [line.slice(0, line.indexOf('='))], path: `${path} #`, value: line }] : []);
  return [...comments, ...readDockerfile(text).flatMap(({ keyword, flags, documents, rest }) => {
    const file = keyword === 'RUN' ? undefined : /[^/\s]+$/.exec(rest)?.[0];
    const inside = documents.split('\n').map(line => line.trim()).filter(line => !/^(#|\}|$)/.test(line)).map((line): Line => {
      const directive = file === 'nginx.conf' ? /^[a-z_]+(?=[ ;])/.exec(line) : null;
      return { field: [file ?? keyword, ...directive ?? []], path: `${path} ${file}`, value: line };
    });
    const options = flags.flatMap(([name, value]): Line[] => {
      const [type, ...others] = name === 'mount' ? value.split(',') : [];
      const one = (option: string, said: string): Line => ({ field: [keyword, option], path: `${path} ${keyword} ${option}`, value: said });
      return type === undefined ? [one(`--${name}`, value)] : others.map(other => one(`--mount=${type},${other.replace(/=.*/, '')}`, other));
    });
    return [{ field: [keyword] as const, path: `${path} ${keyword}`, value: rest }, ...options, ...inside];
  })];
}

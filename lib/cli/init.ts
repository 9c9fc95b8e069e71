import { existsSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Exit, orFail } from './command-fault';
import { look, type Look } from './init-look';
import { programFiles, type Language } from './init-program';
import { shown, type ProjectOptions } from './project';
import { columns } from './terminal';
import { App } from '../app/app';
import { Dependencies } from '../python/dependencies';
import { PythonBase } from '../python/python-base';
import { PythonServer } from '../python/python-server';
import { PythonServiceImage } from '../python/python-service-image';
import { Application } from '../services/application';

/** Options of `wheelhouse init`. */
export interface InitOptions extends ProjectOptions {
  readonly language: Language;
  /** Id of the application. */
  readonly name?: string;
}

/** Looks at a directory with a Python application, says what it found and why, and writes a program for it. */
export function init(options: InitOptions): number {
  const directory = resolve(options.directory);
  orFail(existsSync(directory), Exit.WRONG_COMMAND_LINE, `there is no folder '${options.directory}'`);
  const name = options.name ?? dnsLabel(basename(directory));
  orFail(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name), Exit.WRONG_COMMAND_LINE, `'${name}' cannot name an application; use lower-case letters, digits and -, such as --name shop`);
  const found = look(directory);
  const files = programFiles(options.language, name, found);
  const there = Object.keys(files).filter(file => existsSync(join(directory, file)));
  orFail(there.length === 0, Exit.FAILED, `${there.join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already; nothing was written`);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { flag: 'wx' });
  process.stdout.write(report(found, faults(directory, name, found), Object.keys(files).map(file => shown(join(directory, file))), options));
  return Exit.DONE;
}

/** What will not work: the same image is declared here and asked. */
function faults(directory: string, name: string, { source, dependencies, server, application, python, choosesUv }: Look): string[] {
  const { name: program, module } = server.value;
  const image = new PythonServiceImage(new Application(new App({ root: directory }), name), 'web-image', {
    source,
    base: PythonBase.slim({ python: python.value, debian: 'bookworm' }),
    server: program === 'module' ? PythonServer.module(module!) : PythonServer[program](application!.value),
    dependencies: choosesUv ? Dependencies.uv() : undefined,
  });
  const refused = image.node.findAll().flatMap(construct => construct.node.validate());
  // synth knows all packages only of locked ones
  const added = server.value.missing && !refused.some(line => line.includes('[SERVER_NOT_INSTALLED]')) ? [`${program} is not in ${dependencies.value}; add it, or nothing can start`] : [];
  return [...refused, ...added];
}

function report(found: Look, refused: readonly string[], written: readonly string[], { language, directory }: InitOptions): string {
  const { dependencies, application, server, python, port, health } = found;
  const rows = Object.entries({ dependencies, application, server: { ...server, value: [server.value.name, server.value.module].filter(Boolean).join(' ') }, python, port, health })
    .flatMap(([what, one]) => one === undefined ? [] : [[what, `${one.value}`, one.why]]);
  const install = language === 'typescript' ? 'npm install cdk-wheelhouse constructs tsx' : 'pip install cdk-wheelhouse';
  const option = directory === '.' ? '' : ` --directory ${directory}`;
  return [
    'Found:', ...columns(rows, '  '),
    ...(refused.length === 0 ? [] : ['', 'To be mended:', ...refused.map(fault => `  ${fault}`)]),
    ...(found.source === '.' ? ['', 'The whole folder goes into the image; put the application into a folder of its own to keep the rest out.'] : []),
    '', 'Written:', ...written.map(file => `  ${file}`),
    '', 'Next:', `  ${install}`, `  ${language === 'typescript' ? 'npx ' : ''}wheelhouse synth${option}`, `  ${language === 'typescript' ? 'npx ' : ''}wheelhouse up${option}`, '',
  ].join('\n');
}

/** A name in the characters of a DNS label; the folder's own as far as it can be. */
function dnsLabel(name: string): string {
  const label = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 63).replace(/-+$/, '');
  return label === '' ? 'application' : label;
}

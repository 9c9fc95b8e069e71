import type { Look } from './init-look';

/** Languages that a program can be written in. */
export type Language = 'typescript' | 'python';

/** What `wheelhouse init` writes, by name. */
export function programFiles(language: Language, application: string, look: Look): Record<string, string> {
  const name = language === 'typescript' ? 'application.ts' : 'application.py';
  const app = language === 'typescript' ? `npx tsx ${name}` : `python ${name}`;
  return {
    [name]: language === 'typescript' ? typescript(application, look) : python(application, look),
    'wheelhouse.json': `${JSON.stringify({ app }, undefined, 2)}\n`,
  };
}

function typescript(application: string, { source, choosesUv, python: release, server, application: object, port, health }: Look): string {
  const settings = [
    ...(port === undefined || port.value === 8000 ? [] : [`port: ${port.value}`]),
    ...(health === undefined ? [] : [`healthPath: ${quoted(health.value)}`]),
  ];
  const what = server.value.module ?? object!.value;
  return [
    `import { App, Application, ComposeFile,${choosesUv ? ' Dependencies,' : ''} PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';`,
    '',
    'const app = new App({ root: __dirname });',
    `const application = new Application(app, ${quoted(application)});`,
    '',
    "new Service(application, 'web', {",
    "  image: new PythonServiceImage(application, 'web-image', {",
    `    source: ${quoted(source)},`,
    ...(choosesUv ? ['    dependencies: Dependencies.uv(),'] : []),
    `    base: PythonBase.slim({ python: ${quoted(release.value)}, debian: 'bookworm' }),`,
    `    server: PythonServer.${server.value.name}(${quoted(what)}${settings.length === 0 ? '' : `, { ${settings.join(', ')} }`}),`,
    '  }),',
    ...(port === undefined ? [] : [`  publish: ${port.value},`]),
    '});',
    '',
    "new ComposeFile(application, 'compose');",
    'app.synth();',
    '',
  ].join('\n');
}

function python(application: string, { source, choosesUv, python: release, server, application: object, port, health }: Look): string {
  const settings = [
    ...(port === undefined || port.value === 8000 ? [] : [`port=${port.value}`]),
    ...(health === undefined ? [] : [`health_path=${doubleQuoted(health.value)}`]),
  ];
  const what = server.value.module ?? object!.value;
  return [
    'from pathlib import Path',
    '',
    `from cdk_wheelhouse import App, Application, ComposeFile,${choosesUv ? ' Dependencies,' : ''} PythonBase, PythonServer, PythonServiceImage, Service`,
    '',
    'app = App(root=str(Path(__file__).parent))',
    `application = Application(app, ${doubleQuoted(application)})`,
    '',
    'Service(',
    '    application, "web",',
    '    image=PythonServiceImage(',
    '        application, "web-image",',
    `        source=${doubleQuoted(source)},`,
    ...(choosesUv ? ['        dependencies=Dependencies.uv(),'] : []),
    `        base=PythonBase.slim(python=${doubleQuoted(release.value)}, debian="bookworm"),`,
    `        server=PythonServer.${server.value.name}(${[doubleQuoted(what), ...settings].join(', ')}),`,
    '    ),',
    ...(port === undefined ? [] : [`    publish=${port.value},`]),
    ')',
    '',
    'ComposeFile(application, "compose")',
    'app.synth()',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function doubleQuoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

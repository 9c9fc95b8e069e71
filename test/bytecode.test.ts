import { readFileSync } from 'node:fs';
import { appWith, FLASK_SOURCE } from './declare';
import { golden, unread } from './golden';
import { refusesAtOnce } from './refuses';
import type { SourceView } from '../lib/python/application-object';
import { importedModules } from '../lib/python/imported-modules';
import { Bytecode, PythonBase, PythonDebugImage, PythonServer, PythonServiceImage } from 'cdk-wheelhouse';

/** A source tree that is only thought of. */
function view(files: Record<string, string>): SourceView {
  const paths = Object.keys(files);
  return {
    read: path => files[path],
    isDirectory: path => paths.some(other => other.startsWith(`${path}/`)),
    list: directory => [...new Set(paths.filter(path => directory === '.' || path.startsWith(`${directory}/`))
      .map(path => path.slice(directory === '.' ? 0 : directory.length + 1).split('/')[0]))].sort(),
  };
}

const modulesOf = (text: string) => importedModules(view({ 'app/main.py': text }), ['app']);

describe('modules that a source imports', () => {
  test.each([
    ['import os', ['os']],
    ['import os, sys as system, a.b', ['a.b', 'os', 'sys']],
    ['from PIL import Image', ['PIL', 'PIL.Image']],
    ['from a.b import (\n    c,  # why\n    d as e,\n)\n', ['a.b', 'a.b.c', 'a.b.d']],
    ['from a import b, \\\n    c\n', ['a', 'a.b', 'a.c']],
    ['from . import views\nfrom .views import x\nfrom __future__ import annotations', []],
    ['def f():\n    import late\n', []],
    ['text = "import no"\n# import no\nimportant = 1\nfrom a import *\n', []],
  ])('%j are %j', (text, modules) => expect(modulesOf(text)).toEqual(modules));

  test('are looked for in packages, and are neither its own nor those of tests', () => {
    expect(importedModules(view({
      'app/main.py': 'import shop.models\nimport main\nimport flask',
      'app/shop/models.py': 'import sqlalchemy',
      'app/tests/test_a.py': 'import pytest',
      'app/conftest.py': 'import pytest',
      'app/readme.txt': 'import no',
    }), ['app'])).toEqual(['flask', 'sqlalchemy']);
  });
});

describe('bytecode of what is imported', () => {
  function dockerfile(bytecode?: Bytecode): string {
    const { app, application, outdir } = appWith({ ...FLASK_SOURCE, 'app/app.py': 'from flask import Flask\nimport json\napp = Flask(__name__)\n' });
    const image = new PythonServiceImage(application, 'api', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), bytecode });
    new PythonDebugImage(application, 'debug', { image });
    app.synth();
    expect(readFileSync(`${outdir}/shop/images/debug/Dockerfile`, 'utf8')).not.toContain('pycache');
    return readFileSync(`${outdir}/shop/images/api/Dockerfile`, 'utf8');
  }

  test('is made in a stage on the runtime image, and copied before the application', () => {
    golden('bytecode-chainguard.Dockerfile', dockerfile(Bytecode.imported({ modules: ['werkzeug.debug'], leaveOut: ['json'] })));
    expect(unread('bytecode-')).toEqual([]);
  });

  test('is of what is imported when nothing is said, and else what the package manager makes', () => {
    expect(dockerfile()).toBe(dockerfile(Bytecode.imported()));
    expect(dockerfile(Bytecode.installed())).not.toMatch(/pycache|--no-compile/);
  });

  refusesAtOnce('a module that is none', "module 'a-b' is not a name such as PIL.Image [MODULE_NAME]", () => Bytecode.imported({ modules: ['a-b'] }), () => Bytecode.imported({ modules: ['a.b'] }));
});

/** Declares as many services as it is told, each with an image and a source of its own, and synthesizes them twice. */
'use strict';
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service } = require('cdk-wheelhouse');

const count = Number(process.argv[2]);
const root = mkdtempSync(join(tmpdir(), 'wheelhouse-synth-'));
for (let number = 0; number < count; number++) {
  mkdirSync(join(root, `s${number}`));
  writeFileSync(join(root, `s${number}/requirements.txt`), 'flask\ngunicorn\n');
  writeFileSync(join(root, `s${number}/app.py`), 'from flask import Flask\napp = Flask(__name__)\n');
}

function synthesize() {
  const begun = performance.now();
  const app = new App({ root });
  const application = new Application(app, 'shop');
  const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
  for (let number = 0; number < count; number++) {
    const image = new PythonServiceImage(application, `s${number}-image`, { source: `s${number}`, base, server: PythonServer.gunicorn('app:app') });
    new Service(application, `s${number}`, { image });
  }
  new ComposeFile(application, 'compose');
  const { written } = app.synth();
  return { seconds: (performance.now() - begun) / 1000, written: written.length };
}

try {
  const [first, unchanged] = [synthesize(), synthesize()];
  if (first.written !== 2 * count + 2 || unchanged.written !== 0) throw new Error(`wrote ${first.written} files, then ${unchanged.written}`);
  process.stdout.write(JSON.stringify({ first: first.seconds, unchanged: unchanged.seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
} finally {
  rmSync(root, { recursive: true });
}

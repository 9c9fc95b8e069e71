/** The yardstick: as many Deployments with a Service, by cdk8s-plus. */
'use strict';
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { App, Chart } = require('cdk8s');
const { Deployment } = require('cdk8s-plus-34');

const count = Number(process.argv[2]);
const outdir = mkdtempSync(join(tmpdir(), 'wheelhouse-cdk8s-'));

function synthesize() {
  const begun = performance.now();
  const app = new App({ outdir });
  const chart = new Chart(app, 'shop');
  for (let number = 0; number < count; number++) {
    const deployment = new Deployment(chart, `s${number}`, { containers: [{ image: `registry.example.com/s${number}:1`, portNumber: 8000 }] });
    deployment.exposeViaService({ ports: [{ port: 80, targetPort: 8000 }] });
  }
  app.synth();
  return (performance.now() - begun) / 1000;
}

try {
  const [first, unchanged] = [synthesize(), synthesize()];
  process.stdout.write(JSON.stringify({ first, unchanged, megabytes: process.resourceUsage().maxRSS / 1024 }));
} finally {
  rmSync(outdir, { recursive: true });
}

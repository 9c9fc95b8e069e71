/** As many services as it is told, by cdk-wheelhouse: in a cdk8s Chart, in kubernetes.yaml, or with an image that is built. */
'use strict';
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { measure } = require('../measure');

const KIND = process.argv[2];

/** The same for every kind but for the image. */
function declareStack(wheelhouse, scope, count) {
  const { Application, EnvValue, Job, Secret, Service, Volume } = wheelhouse;
  const shop = new Application(scope, 'shop');
  const imageOf = KIND === 'built' ? builtImage(wheelhouse, shop) : (name, volumes) => registryImage(wheelhouse, shop, name, volumes);
  const environment = { API_KEY_FILE: EnvValue.secretFile(new Secret(shop, 'api-key')) };
  const resources = { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 128, memoryLimitMebibytes: 256 };
  for (let number = 0; number < count; number++) {
    const name = `s${number}`;
    const volumes = number % 10 === 1 ? [{ volume: new Volume(shop, `${name}-data`, { sizeGibibytes: 10 }), path: '/var/lib/app' }] : [];
    const image = imageOf(name, volumes);
    new Service(shop, name, {
      image,
      environment,
      resources,
      volumes,
      dependsOn: number % 10 === 2 ? [new Job(shop, `${name}-migrate`, { ...migration(name, image), environment, resources })] : [],
      scaling: number % 10 === 3 ? { min: 2, max: 5 } : undefined,
    });
  }
  return shop;

  function migration(name, image) {
    return KIND === 'built' ? { image: image.process(`${name}-migrate`, wheelhouse.PythonServer.module('migrate')) } : { image, command: ['-m', 'migrate'] };
  }
}

function registryImage({ RegistryImage }, shop, name, volumes) {
  return new RegistryImage(shop, `${name}-image`, {
    reference: `registry.example.com/shop/${name}:1`,
    facts: {
      userId: 65532,
      groupId: 65532,
      ports: [8000],
      writablePaths: [{ path: '/tmp', sizeMebibytes: 64 }, ...volumes.map(({ path }) => ({ path, data: true }))],
      healthCheck: { http: { port: 8000, path: '/healthz' }, intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 },
      handlesStopSignal: true,
      stopGraceSeconds: 35,
      interpreter: '/venv/bin/python',
    },
  });
}

function builtImage({ PythonBase, PythonServer, PythonServiceImage }, shop) {
  const image = new PythonServiceImage(shop, 'image', {
    source: 'app',
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
  });
  return () => image;
}

measure(directory => {
  const wheelhouse = require('cdk-wheelhouse');
  if (KIND === 'file') {
    return (count, outdir) => {
      const app = new wheelhouse.App({ root: directory, outdir });
      new wheelhouse.KubernetesFile(declareStack(wheelhouse, app, count), 'kubernetes');
      app.synth();
    };
  }
  if (KIND === 'built') {
    mkdirSync(join(directory, 'app'));
    writeFileSync(join(directory, 'app/requirements.txt'), 'flask\ngunicorn\n');
    writeFileSync(join(directory, 'app/app.py'), 'from flask import Flask\napp = Flask(__name__)\n');
  }
  const cdk8s = require('cdk8s');
  return (count, outdir) => {
    const cluster = new cdk8s.App({ outdir });
    const application = declareStack(wheelhouse, new wheelhouse.App({ root: directory }), count);
    new wheelhouse.kubernetes.KubernetesApplication(new cdk8s.Chart(cluster, 'shop'), 'application', { application, registry: 'registry.example.com/shop' });
    cluster.synth();
  };
});

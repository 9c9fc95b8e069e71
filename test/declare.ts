/** What tests declare again and again. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  App, Application, ComposeFile, KubernetesFile, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service,
} from 'cdk-wheelhouse';

/** Requirements of a Flask application, without hashes. */
export const FLASK_SOURCE = { 'app/app.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/requirements.txt': 'flask\ngunicorn\n' };

/** A new folder with these files. */
export function folder(files: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'wheelhouse-test-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** An App whose source tree and output are in a new folder. */
export function appWith(files: Record<string, string> = FLASK_SOURCE): { app: App; application: Application; root: string; outdir: string } {
  const root = folder(files);
  const outdir = join(root, 'wheelhouse.out');
  const app = new App({ root, outdir });
  return { app, application: new Application(app, 'shop'), root, outdir };
}

/** A Flask service behind a proxy, with both targets. */
export function declareShop(application: Application, base: PythonBase = PythonBase.chainguard()) {
  const server = PythonServer.gunicorn('app:app', { healthPath: '/healthz' });
  const image = new PythonServiceImage(application, 'api-image', { source: 'app', base, server });
  const api = new Service(application, 'api', { image });
  const web = new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api)], publish: 8080 });
  new ComposeFile(application, 'compose');
  new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/shop' });
  return { api, web, image };
}

/** All files under a folder, by path. */
export function filesUnder(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
  return Object.fromEntries(paths.map(path => [path, readFileSync(join(root, path), 'utf8')]));
}

/** The lines of a synth that was refused, without the heading; fails when it was not. */
export function refusal(app: App): string[] {
  try {
    app.synth();
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map(line => line.trim());
  }
  throw new Error('synth was not refused');
}

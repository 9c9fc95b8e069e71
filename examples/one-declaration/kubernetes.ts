/** The notes in a cluster, by cdk8s: from images with the Dockerfiles that compose.ts writes, under the tags that these have. */
import { join } from 'node:path';
import { App as Cluster, Chart, JsonPatch } from 'cdk8s';
import { App, kubernetes } from 'cdk-wheelhouse';
import { declareNotes } from './application';

const cluster = new Cluster({ outdir: join(__dirname, 'cdk8s.out') });
const chart = new Chart(cluster, 'notes', { labels: { team: 'office' } });
const notes = new kubernetes.KubernetesApplication(chart, 'application', {
  application: declareNotes(new App({ root: __dirname })),
  registry: 'registry.example.com/notes',
});

// what is made are ordinary objects of cdk8s: say here what no declaration says
notes.service('api').workload.addJsonPatch(JsonPatch.add('/spec/template/spec/priorityClassName', 'office-hours'));
cluster.synth();

/** The notes in a cluster, by cdk8s: from the Dockerfiles that compose.ts writes, under tags that are hashes of what they build. */
import { join } from 'node:path';
import { App as Cluster, Chart, JsonPatch } from 'cdk8s';
import { ACCEPTED_FINDINGS } from './accepted-findings';
import { declareNotes } from './application';
import { App, kubernetes } from 'cdk-wheelhouse';

const cluster = new Cluster({ outdir: join(__dirname, 'cdk8s.out') });
const notes = new kubernetes.KubernetesApplication(new Chart(cluster, 'notes'), 'application', {
  application: declareNotes(new App({ root: __dirname })),
  registry: 'registry.example.com/notes',
  annotations: ACCEPTED_FINDINGS,
});

// what is made are objects of cdk8s: here follows what no declaration says
notes.service('web').workload.addJsonPatch(JsonPatch.add('/spec/revisionHistoryLimit', 3));
cluster.synth();

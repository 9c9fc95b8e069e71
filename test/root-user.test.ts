/** What runs as root: no cluster that is kept to the Pod Security standard `restricted` starts it. */
import { parseAllDocuments } from 'yaml';
import { appWith, filesUnder } from './declare';
import { refusesAtSynth } from './refuses';
import { Application, BaseImage, Checks, ComposeFile, KubernetesFile, MultiStageBuild, Service, Stage, type FileTarget } from 'cdk-wheelhouse';

/** A service whose image has this base, and this user unless it is undefined. */
function service(application: Application, user?: number, base = BaseImage.fromReference('example.com/base:1'), target: (application: Application) => FileTarget = kubernetes) {
  const image = new MultiStageBuild(application, 'image');
  const one = new Stage(image, 'one', { base });
  if (user !== undefined) one.user(user, user);
  target(application);
  return new Service(application, 'api', { image });
}

function kubernetes(application: Application): FileTarget {
  return new KubernetesFile(application, 'kubernetes', { registry: 'example.com' });
}

/** What its pod says of the user. */
function pod(declare: (application: Application) => unknown): { securityContext: object } {
  const { app, application, outdir } = appWith();
  declare(application);
  app.synth();
  return parseAllDocuments(filesUnder(outdir)['shop/kubernetes.yaml']).map(one => one.toJS()).find(({ kind }) => kind === 'Deployment').spec.template.spec;
}

describe('ROOT_USER', () => {
  const refused = "shop/api: image 'image' runs as root, user 0, which a cluster with the Pod Security standard 'restricted' does not start;"
    + ' set another user in the image: user(65532, 65532), or acknowledge that it has to be root (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted) [ROOT_USER]';
  refusesAtSynth('root in a cluster', [refused], application => service(application, 0), application => service(application, 65532));
  refusesAtSynth('root that the base brings', [refused], application => service(application, undefined, BaseImage.scratch()), application => service(application, 1, BaseImage.scratch()));
  refusesAtSynth('root that nobody acknowledges', [refused], application => service(application, 0),
    application => Checks.acknowledge(service(application, 0), 'ROOT_USER', 'it mounts file systems'));

  test('is silent where only compose runs it', () => {
    const { app, application } = appWith();
    service(application, 0, BaseImage.scratch(), parent => new ComposeFile(parent, 'compose'));
    expect(app.synth().findings).toEqual([]);
  });

  test('is silent where the user is not known, and the pod may not be root', () => {
    expect(pod(application => service(application)).securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  });

  test('acknowledged, lets the pod be what the image is', () => {
    const root = pod(application => Checks.acknowledge(service(application, 0), 'ROOT_USER', 'it mounts file systems'));
    expect(root.securityContext).toMatchObject({ runAsNonRoot: false, runAsUser: 0, runAsGroup: 0 });
    expect(pod(application => service(application, 1000)).securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
  });
});

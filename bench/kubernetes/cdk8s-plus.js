/** The yardstick: the same objects as ours.js, by hand in cdk8s-plus. What it has no words for is patched in, as its documentation advises. */
'use strict';
const { measure } = require('../measure');

const USER = 65532;
const TAG = '1';
const API_PORTS = [443, 6443, 8443, 16443];

measure(() => {
  const { ApiObject, App, Chart, Duration, JsonPatch, Size } = require('cdk8s');
  const plus = require('cdk8s-plus-34');
  // by hand, somebody would have to write it
  const { WAIT_FOR_PROGRAM } = require('../../build/targets/kubernetes/wait-for');

  const hardened = {
    user: USER,
    group: USER,
    ensureNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: [plus.Capability.ALL] },
    seccompProfile: { type: plus.SeccompProfileType.RUNTIME_DEFAULT },
  };
  const resources = {
    cpu: { request: plus.Cpu.millis(100), limit: plus.Cpu.units(1) },
    memory: { request: Size.mebibytes(128), limit: Size.mebibytes(256) },
  };
  const probe = (period, failureThreshold) => plus.Probe.fromHttpGet('/healthz', {
    port: 8000, periodSeconds: Duration.seconds(period), timeoutSeconds: Duration.seconds(3), failureThreshold,
  });

  let asking = [];
  return (count, outdir) => {
    const app = new App({ outdir });
    const chart = new Chart(app, 'shop', { namespace: 'shop', labels: { 'app.kubernetes.io/part-of': 'shop' } });
    declareNamespace(chart);
    const secret = plus.Secret.fromSecretName(chart, 'api-key', 'api-key');
    const program = count > 2 && new plus.ConfigMap(chart, 'start-order', { metadata: { name: 'start-order' }, data: { 'wait_for.py': WAIT_FOR_PROGRAM } });
    asking = [];
    for (let number = 0; number < count; number++) declareService(chart, `s${number}`, number % 10, secret, program);
    if (asking.length > 0) reachApi(chart);
    app.synth();
  };

  /** An egress rule of its own words has a peer, and no label tells who the API is. */
  function reachApi(chart) {
    new plus.k8s.KubeNetworkPolicy(chart, 'api-server', {
      metadata: { name: 'start-order' },
      spec: {
        podSelector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: asking }] },
        policyTypes: ['Egress'],
        egress: [{ ports: API_PORTS.map(port => ({ protocol: 'TCP', port: plus.k8s.IntOrString.fromNumber(port) })) }],
      },
    });
  }

  function declareNamespace(chart) {
    const restricted = Object.fromEntries(['enforce', 'warn', 'audit'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
    new plus.Namespace(chart, 'namespace', { metadata: { name: 'shop', labels: restricted } });
    const deny = { default: plus.NetworkPolicyTrafficDefault.DENY };
    new plus.NetworkPolicy(chart, 'default-deny', { metadata: { name: 'default-deny' }, ingress: deny, egress: deny });
    const dns = new plus.NetworkPolicy(chart, 'dns', { metadata: { name: 'dns' }, egress: deny });
    const ports = [plus.NetworkPolicyPort.udp(53), plus.NetworkPolicyPort.tcp(53)];
    const namespaces = plus.Namespaces.select(chart, 'kube-system', { names: ['kube-system'] });
    dns.addEgressRule(plus.Pods.select(chart, 'kube-dns', { labels: { 'k8s-app': 'kube-dns' }, namespaces }), ports);
    dns.addEgressRule(plus.NetworkPolicyIpBlock.ipv4(chart, 'node-local-dns', '169.254.20.10/32'), ports);
    const members = plus.Pods.select(chart, 'members', { labels: { network: 'default' } });
    const network = new plus.NetworkPolicy(chart, 'network-default', { metadata: { name: 'network-default' }, selector: members });
    network.addIngressRule(members);
    network.addEgressRule(members);
    network.addEgressRule(plus.NetworkPolicyIpBlock.anyIpv4(chart, 'any-ipv4'));
    network.addEgressRule(plus.NetworkPolicyIpBlock.anyIpv6(chart, 'any-ipv6'));
  }

  /** What all pods have. */
  function podOf(chart, name, image, secret, others) {
    const labels = { 'app.kubernetes.io/name': name };
    const metadata = { name, labels };
    const tmp = plus.Volume.fromEmptyDir(chart, `${name}-tmp`, 'tmp', { medium: plus.EmptyDirMedium.MEMORY, sizeLimit: Size.mebibytes(64) });
    const key = plus.Volume.fromSecret(chart, `${name}-key`, secret, { name: 'api-key' });
    const serviceAccount = new plus.ServiceAccount(chart, `${name}-account`, { metadata, automountToken: false });
    return {
      metadata,
      podMetadata: { labels: { ...labels, network: 'default' } },
      serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriod: Duration.seconds(40),
      securityContext: { user: USER, group: USER, fsGroup: USER, fsGroupChangePolicy: plus.FsGroupChangePolicy.ON_ROOT_MISMATCH, ensureNonRoot: true },
      containers: [{
        name,
        image: `registry.example.com/shop/${image}:${TAG}`,
        imagePullPolicy: plus.ImagePullPolicy.IF_NOT_PRESENT,
        envVariables: { API_KEY_FILE: plus.EnvValue.fromValue('/run/secrets/api-key') },
        securityContext: hardened,
        resources,
        volumeMounts: [{ path: '/tmp', volume: tmp }, { path: '/run/secrets/api-key', volume: key, subPath: 'api-key', readOnly: true }],
        ...others,
      }],
    };
  }

  function declareService(chart, name, kind, secret, program) {
    const pod = podOf(chart, name, name, secret, { portNumber: 8000, startup: probe(1, 30), readiness: probe(10, 3), liveness: probe(10, 3) });
    const ports = [{ name: 'http', port: 8000, targetPort: 8000 }];
    if (kind === 1) {
      const service = new plus.Service(chart, `${name}-service`, { metadata: pod.metadata, ports });
      pod.containers[0].volumeMounts.push({ path: '/var/lib/app', volume: plus.Volume.fromName(chart, `${name}-data`, 'data') });
      const claim = { name: 'data', storage: Size.gibibytes(10), accessModes: [plus.PersistentVolumeAccessMode.READ_WRITE_ONCE] };
      drainFirst(new plus.StatefulSet(chart, name, { ...pod, service, volumeClaimTemplates: [claim] }));
      return;
    }
    const deployment = new plus.Deployment(chart, name, { ...pod, replicas: kind === 3 ? undefined : 1 });
    deployment.exposeViaService({ name, ports });
    drainFirst(deployment);
    if (kind === 2) startAfter(deployment, declareJob(chart, name, secret), pod.serviceAccount, program);
    if (kind === 3) declareScaling(chart, name, deployment);
  }

  /** An action that it has no word for. */
  function drainFirst(workload) {
    ApiObject.of(workload).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/lifecycle', { preStop: { sleep: { seconds: 5 } } }));
  }

  function declareJob(chart, service, secret) {
    const name = `${service}-migrate`;
    const pod = podOf(chart, name, service, secret, { args: ['-m', 'migrate'] });
    return new plus.Job(chart, name, { ...pod, metadata: { ...pod.metadata, name: `${name}-${TAG}` }, restartPolicy: plus.RestartPolicy.NEVER, backoffLimit: 0 });
  }

  /** Only the container that waits has a token, which it has no volume for. */
  function startAfter(deployment, job, serviceAccount, program) {
    const chart = Chart.of(job);
    const [{ image }] = deployment.containers;
    deployment.addInitContainer({
      name: 'start-order',
      image,
      imagePullPolicy: plus.ImagePullPolicy.IF_NOT_PRESENT,
      command: ['/venv/bin/python', '-IS', '/run/start-order/wait_for.py'],
      args: [`job:${job.name}`],
      securityContext: hardened,
      resources,
      volumeMounts: [{ path: '/run/start-order', readOnly: true, volume: plus.Volume.fromConfigMap(chart, `${job.node.id}-program`, program, { name: 'start-order' }) }],
    });
    const sources = [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      // patched before its names are turned into those of Kubernetes
      { downwardApi: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
    ];
    const mount = { name: 'account', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true };
    ApiObject.of(deployment).addJsonPatch(
      JsonPatch.add('/spec/template/spec/volumes/-', { name: 'account', projected: { sources } }),
      JsonPatch.add('/spec/template/spec/initContainers/0/volumeMounts/-', mount),
    );
    const role = new plus.Role(chart, `${job.node.id}-role`, { metadata: { name: job.name } });
    role.allowGet(job);
    role.bind(serviceAccount);
    asking.push(deployment.name);
  }

  function declareScaling(chart, name, deployment) {
    deployment.scheduling.spread({ topology: plus.Topology.HOSTNAME, weight: 100 });
    new plus.HorizontalPodAutoscaler(chart, `${name}-scaling`, {
      metadata: { name }, target: deployment, minReplicas: 2, maxReplicas: 5, metrics: [plus.Metric.resourceCpu(plus.MetricTarget.averageUtilization(70))],
    });
    new plus.k8s.KubePodDisruptionBudget(chart, `${name}-budget`, {
      metadata: { name },
      spec: { maxUnavailable: plus.k8s.IntOrString.fromNumber(1), selector: { matchLabels: deployment.matchLabels }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
  }
});

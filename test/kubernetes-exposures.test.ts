/** How requests come in from outside the cluster: Services, Ingresses, and what stands in the place of a proxy. */
import { cluster, clusterOf, proxied, serviceOf } from './cluster';
import { Application, HealthCheck, KubernetesExposure, NameResolution, NginxReverseProxy, Route, Secret } from 'cdk-wheelhouse';

describe('a service', () => {
  test('has its host name and its ports inside the cluster', () => {
    const { one } = clusterOf({}, { ports: [9000, 65535] });
    expect(one('Service').spec).toEqual({
      selector: { 'app.kubernetes.io/name': 'api', 'app.kubernetes.io/part-of': 'shop' },
      ports: [{ name: 'tcp-9000', port: 9000, targetPort: 'tcp-9000' }, { name: 'tcp-65535', port: 65535, targetPort: 'tcp-65535' }],
    });
    expect(clusterOf({}, { ports: [] }).names('Service')).toEqual([]);
  });

  test('that is published has an Ingress for every host', () => {
    const { one, lost } = clusterOf({ publish: 80 });
    expect(one('Ingress')).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'api', namespace: 'shop', labels: expect.objectContaining({ 'app.kubernetes.io/name': 'api' }) },
      spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { name: 'tcp-8000' } } } }] } }] },
    });
    expect(lost()).toEqual(['published port 80: an Ingress for every host, at the ports of its controller']);
  });

  test('that may not speak HTTP has none, which is said', () => {
    const { names, lost } = clusterOf({ publish: 5432, healthCheck: HealthCheck.command(['pg_isready']) });
    expect(names('Ingress')).toEqual([]);
    expect(lost()).toEqual(['published port 5432: inside the cluster only, as it may not speak HTTP: expose it with KubernetesExposure.loadBalancer']);
  });

  test('has the host, class, TLS and annotations of its Ingress', () => {
    const annotations = { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m', 'a': '' };
    const settings = { host: '*.example.com', className: 'nginx', tlsSecret: 'shop.example.com', annotations };
    const { one, lost } = clusterOf({ publish: 80 }, {}, api => ({ exposures: [KubernetesExposure.ingress(api, settings)] }));
    expect(one('Ingress').metadata.annotations).toEqual(annotations);
    expect(one('Ingress').spec).toMatchObject({ ingressClassName: 'nginx', tls: [{ hosts: ['*.example.com'], secretName: 'shop.example.com' }], rules: [{ host: '*.example.com' }] });
    expect(lost()).toEqual(['published port 80: an Ingress for *.example.com, at the ports of its controller']);
    const secretOnly = clusterOf({ publish: 80 }, {}, api => ({ exposures: [KubernetesExposure.ingress(api, { tlsSecret: 'tls' })] }));
    expect(secretOnly.one('Ingress').spec.tls).toEqual([{ secretName: 'tls' }]);
  });

  test('is balanced at its published port, beside those inside', () => {
    const balanced = (publish: number) => clusterOf({ publish }, {}, api => ({ exposures: [KubernetesExposure.loadBalancer(api)] }));
    expect(balanced(80).one('Service').spec).toMatchObject({
      type: 'LoadBalancer', ports: [{ name: 'tcp-8000', port: 8000, targetPort: 'tcp-8000' }, { name: 'published-80', port: 80, targetPort: 'tcp-8000' }],
    });
    expect(balanced(8000).one('Service').spec.ports).toEqual([{ name: 'tcp-8000', port: 8000, targetPort: 'tcp-8000' }]);
    expect([balanced(80).names('Ingress'), balanced(80).lost()]).toEqual([[], []]);
  });

  test('that speaks TLS gets it handed through, with the port that leads to it', () => {
    const tls = (application: Application) => ({ publish: 443, tls: { certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key'), redirectFrom: 80 } });
    const { one, names } = cluster(proxied(api => [Route.prefix('/', api)], tls));
    expect(one('Service', 'web').spec.type).toBe('LoadBalancer');
    expect(one('Service', 'web').spec.ports).toEqual(expect.arrayContaining([
      { name: 'published-443', port: 443, targetPort: 'tcp-8443' }, { name: 'published-80', port: 80, targetPort: 'tcp-8080' },
    ]));
    expect(one('NetworkPolicy', 'published-web').spec.ingress[0].ports.map(({ port }: { port: number }) => port)).toEqual([8080, 8443]);
    expect(names('Ingress')).toEqual([]);
  });
});

describe('an Ingress in place of a proxy', () => {
  const instead = (declare: ReturnType<typeof proxied>, settings = {}) => cluster(declare, web => (
    { exposures: [KubernetesExposure.ingressInsteadOf(web, settings)] }));

  test('has its routes: by prefix, by the whole path, by host', () => {
    const { one, objects } = instead(proxied((api, other) => [
      Route.prefix('/', api), Route.prefix('/live/', other, { port: 9000 }), Route.exact('/login', api), Route.prefix('/', other, { host: 'b.example.com', port: 8000 }), Route.exact('/x', api, { host: '*.example.com' }),
    ]), { host: 'a.example.com', tlsSecret: 'tls' });
    const path = (pathType: string, of: string, name: string, port: number) => ({ path: of, pathType, backend: { service: { name, port: { name: `tcp-${port}` } } } });
    expect(one('Ingress', 'web').spec).toEqual({
      tls: [{ hosts: ['a.example.com'], secretName: 'tls' }],
      rules: expect.arrayContaining([
        { host: 'a.example.com', http: { paths: expect.arrayContaining([path('Prefix', '/', 'api', 8000), path('Prefix', '/live/', 'other', 9000), path('Exact', '/login', 'api', 8000)]) } },
        { host: 'b.example.com', http: { paths: [path('Prefix', '/', 'other', 8000)] } },
        { host: '*.example.com', http: { paths: [path('Exact', '/x', 'api', 8000)] } },
      ]),
    });
    expect(one('Ingress', 'web').spec.rules).toHaveLength(3);
    expect(objects.filter(({ metadata }) => metadata.name === 'web').map(({ kind }) => kind)).toEqual(['Ingress']);
  });

  test('says what the controller has to do now', () => {
    expect(instead(proxied(api => [Route.prefix('/', api, { bodyMebibytes: 5, websocket: true })])).lost('shop/web')).toEqual([
      'nginx: an Ingress with its routes: limits, headers, compression and logs are those of the controller',
      "bodyMebibytes, websocket of route '/': those of the controller: set them with 'annotations' of the Ingress",
    ]);
  });

  test('has no certificate of its own, which is said', () => {
    const declare = proxied(api => [Route.prefix('/', api)], application => (
      { publish: 443, tls: { certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key') } }));
    const tls = "TLS: the controller's, if it has a certificate: name a Secret of type kubernetes.io/tls with 'tlsSecret' of the Ingress";
    expect(instead(declare).lost('shop/web')).toContain(tls);
    expect(instead(declare, { tlsSecret: 'tls' }).lost('shop/web')).not.toContain(tls);
    expect(instead(declare).lost('shop/certificate')).toEqual([]);
  });

  test('finds its services by name where they are balanced, too', () => {
    const { one } = cluster(application => {
      const api = serviceOf(application, 'api', { publish: 8000 });
      return { api, web: new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api)], publish: 8080 }) };
    }, ({ api, web }) => ({ exposures: [KubernetesExposure.loadBalancer(api), KubernetesExposure.ingressInsteadOf(web)] }));
    const { port } = one('Ingress', 'web').spec.rules[0].http.paths[0].backend.service;
    expect(one('Service', 'api').spec.ports.map(({ name }: { name: string }) => name)).toContain(port.name);
  });
});

describe('a proxy whose image asks Docker for addresses', () => {
  const asking = (nameResolution: NameResolution) => cluster(proxied(api => [Route.prefix('/', api)], () => ({ nameResolution })));

  test('has the configuration without that: a Service keeps its address', () => {
    const { one, pod, template, lost } = asking(NameResolution.repeated());
    const text = one('ConfigMap', 'web.fixed-addresses').data['nginx.conf'];
    expect(text).toContain('  server api:8000;');
    expect(text).not.toContain('resolver');
    const [container] = pod('web').containers;
    expect(container.volumeMounts).toContainEqual({ name: 'fixed-addresses', mountPath: '/etc/nginx/nginx.conf', subPath: 'nginx.conf', readOnly: true });
    expect(pod('web').volumes).toContainEqual({ name: 'fixed-addresses', configMap: { name: 'web.fixed-addresses' } });
    expect(template('web').metadata.annotations).toEqual({ 'cdk-wheelhouse/configs': expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(lost('shop/web').filter(loss => loss.includes('resolver'))).toEqual([]);
  });

  test.each([
    ['asks a name server of the cluster', NameResolution.repeated({ resolvers: ['10.96.0.10'], domain: 'shop.svc.cluster.local' })],
    ['asks once', NameResolution.atStart()],
  ])('has that of its image where it %s', (_, nameResolution) => {
    const { names, pod } = asking(nameResolution);
    expect(names('ConfigMap')).toEqual([]);
    expect(pod('web').volumes.map(({ name }: { name: string }) => name)).not.toContain('fixed-addresses');
  });
});

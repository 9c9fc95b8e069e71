import { ingressPaths } from './exposure-objects';
import type { KubernetesProps } from './kubernetes-props';
import { exposuresOf } from './kubernetes-settings';
import { Severity, type Check } from '../../checks/check';

/** Of two Ingresses for one host and path, nobody says which one answers. */
export function ingressTwice(props: KubernetesProps): Check {
  return {
    code: 'INGRESS_TWICE',
    severity: Severity.ERROR,
    link: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules',
    find: plan => {
      const answered = new Map<string, string>();
      return exposuresOf(plan, props).filter(({ kind }) => kind !== 'loadBalancer').flatMap(exposure => {
        const service = plan.services.find(({ id }) => id === exposure.service)!;
        if (!service.publish && exposure.kind === 'ingress') return [];
        return ingressPaths(service, exposure, plan).flatMap(({ host, path, pathType }) => {
          const where = `${pathType === 'Exact' ? '= ' : ''}${host ?? 'every host'}${path}`;
          const other = answered.get(where);
          answered.set(where, service.id);
          return other === undefined || other === service.id ? [] : [{
            path: service.path,
            problem: `'${other}' and '${service.id}' would both answer ${where}; give each a host: exposures: [KubernetesExposure.ingress(service, { host: 'admin.example.com' })]`,
          }];
        });
      });
    },
  };
}

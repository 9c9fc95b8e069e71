import type { KubernetesProps } from './kubernetes-props';
import { exposuresOf } from './kubernetes-settings';
import { Severity, type Check } from '../../checks/check';
import type { ApplicationPlan, ServicePlan } from '../../services/plan';
import { workloads } from '../../services/plan-application';

/** Ways from outside that lead nowhere. */
export function exposureRefused(props: KubernetesProps): Check {
  return {
    code: 'EXPOSURE',
    severity: Severity.ERROR,
    link: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
    find: plan => {
      const asked = props.exposures?.map(({ _plan }) => _plan) ?? [];
      const strangers = asked.filter(exposed => !plan.services.some(({ path, profiles }) => path === exposed.path && profiles.length === 0));
      const known = exposuresOf(plan, props).flatMap(exposure => {
        const service = plan.services.find(({ id }) => id === exposure.service)!;
        const problem = exposure.kind === 'insteadOfProxy' ? needed(service, plan) : unreachable(service, exposure.kind);
        return problem === undefined ? [] : [{ path: service.path, problem }];
      });
      return [
        ...strangers.map(({ path }) => ({ path: plan.path, problem: `service '${path}' is exposed and is no service of '${plan.id}' that is always started` })),
        ...known,
      ];
    },
  };
}

function unreachable({ publish }: ServicePlan, kind: 'ingress' | 'loadBalancer'): string | undefined {
  if (!publish) return "it is exposed and publishes no port; give it 'publish'";
  return kind === 'ingress' && publish.tls
    ? "an Ingress hands on plain HTTP, and it speaks TLS; use KubernetesExposure.loadBalancer, or leave out its 'tls' and give the Ingress a tlsSecret" : undefined;
}

/** Why a proxy cannot be left out. */
function needed({ id, routes, fileRoutes }: ServicePlan, plan: ApplicationPlan): string | undefined {
  if (routes.length + fileRoutes.length === 0) return 'an Ingress stands instead of it, and it is no proxy: it has no routes; use KubernetesExposure.ingress';
  if (fileRoutes.length > 0) return `an Ingress stands instead of it and cannot answer ${fileRoutes.join(', ')} with files; use KubernetesExposure.ingress`;
  const shared = routes.find(({ prefix }, index) => routes.findIndex(other => other.prefix === prefix) !== index);
  if (shared) return `an Ingress stands instead of it and cannot share '${shared.prefix}' among several services; use KubernetesExposure.ingress`;
  const user = workloads(plan).find(({ dependsOn, reaches }) => dependsOn.includes(id) || reaches.includes(id));
  return user && `an Ingress stands instead of it, and '${user.id}' needs it; use KubernetesExposure.ingress`;
}

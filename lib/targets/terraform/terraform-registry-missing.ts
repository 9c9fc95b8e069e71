import type { TerraformApplicationProps } from './terraform-props';
import { Severity, type Check } from '../../checks/check';
import { uniqueBy } from '../../primitives/stable';
import type { ApplicationPlan } from '../../services/plan';
import { startedWorkloads } from '../../services/plan-application';

/** Terraform builds nothing for ECS: what we build has to come from somewhere. */
export function registryMissing({ registry }: Pick<TerraformApplicationProps, 'registry'>): Check {
  const built = (plan: ApplicationPlan) => startedWorkloads(plan).map(({ image }) => image).filter(({ reference }) => reference === undefined);
  return {
    code: 'REGISTRY_MISSING',
    severity: Severity.ERROR,
    link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html',
    find: plan => registry !== undefined ? [] : uniqueBy(built(plan), ({ id }) => id)
      .map(({ path, id }) => ({
        path,
        problem: `image '${id}' is built here, and tasks pull images from a registry; say which, with registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/${plan.id}', and push it there`,
      })),
  };
}

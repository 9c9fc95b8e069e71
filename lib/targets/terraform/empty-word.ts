import { Severity, type Check } from '../../checks/check';
import { workloads } from '../../services/plan-application';

/** The provider refuses to make such a container, when it is applied. */
export const EMPTY_WORD: Check = {
  code: 'EMPTY_WORD',
  severity: Severity.ERROR,
  link: 'https://github.com/kreuzwerker/terraform-provider-docker/blob/master/internal/provider/resource_docker_container_funcs.go',
  find: plan => workloads(plan).filter(({ command }) => command?.includes('')).map(({ path }) => ({
    path, problem: "a word of its command is empty, which Terraform's docker provider cannot say; leave the word out, or write what stands for it",
  })),
};

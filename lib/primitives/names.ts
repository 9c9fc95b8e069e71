import type { IConstruct } from 'constructs';
import { must } from './faults';

const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Refuses an id that is no RFC 1035 label: it becomes a host name, which compose, Kubernetes and ECS all resolve.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names
 */
export function mustBeDnsLabel(kind: string, construct: IConstruct): void {
  const id = construct.node.id;
  must(DNS_LABEL.test(id), 'NAME_DNS_LABEL',
    `${kind} id '${id}' is not a DNS label; use up to 63 of a-z, 0-9 and '-', starting with a letter, not ending with '-'`, construct);
}

/** Refuses a name that a shell could not assign to. */
export function mustBeEnvironmentName(name: string, construct?: IConstruct): void {
  must(ENVIRONMENT_NAME.test(name), 'ENVIRONMENT_NAME',
    `environment variable '${name}' is not a name; use letters, digits and '_', not starting with a digit`, construct);
}

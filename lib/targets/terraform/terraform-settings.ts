import type { TerraformApplicationProps } from './terraform-props';
import type { EcsPlan } from '../../aws/ecs-plan';
import { must } from '../../primitives/faults';
import { hostTokensIn } from '../../primitives/host-token';
import { isImageReference } from '../../primitives/image-reference';

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Refuses what no account takes, as far as it is known. */
export function mustBeSettings({ registry, subnetIds, publicSubnetIds, logRetentionDays }: TerraformApplicationProps): void {
  must(registry === undefined || hostTokensIn(registry).length > 0 || isImageReference(`${registry}/image`), 'REGISTRY',
    `registry '${registry}' is not what names of images start with; give a host and a path, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop`);
  for (const [name, ids] of Object.entries({ subnetIds, publicSubnetIds })) {
    must(ids === undefined || ids.length > 0, 'SUBNETS_MISSING', `${name} has no subnet; give one in each zone, such as ['subnet-0a', 'subnet-0b']`);
  }
  must(logRetentionDays === undefined || hostTokensIn(logRetentionDays).length > 0 || RETENTION.includes(logRetentionDays), 'LOG_RETENTION',
    `logs cannot be kept for ${logRetentionDays} days; CloudWatch keeps them for ${RETENTION.join(', ')}`);
}

/** Refuses values that nothing asks for. */
export function mustBeAskedFor({ secrets: needed, services, jobs }: EcsPlan, { secrets = {}, environment = {} }: TerraformApplicationProps): void {
  const containers = [...services, ...jobs].flatMap(({ task }) => task.containers);
  const variables = containers.flatMap(({ deployerEnvironment }) => Object.values(deployerEnvironment).map(({ variable }) => variable));
  const all: [string, object, string[]][] = [['secret', secrets, needed], ['variable of whoever deploys', environment, [...new Set(variables)].sort()]];
  for (const [what, given, known] of all) {
    const unknown = Object.keys(given).find(name => !known.includes(name));
    must(unknown === undefined, 'TERRAFORM_UNUSED', `no task has a ${what} '${unknown}'; they have ${known.map(name => `'${name}'`).join(', ') || 'none'}`);
  }
}

import type { AwsFoundation } from './aws-foundation';
import { literal } from './terraform-element';
import type { EcsContainer, EcsHealthCheck, EcsTask } from '../../aws/ecs-plan';
import { compact } from '../../primitives/stable';

/**
 * The containers of a task, with the words of ECS.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function awsContainers({ containers }: EcsTask, foundation: AwsFoundation): object[] {
  return containers.map(container => containerDefinition(container, foundation));
}

function containerDefinition({ image, ...planned }: EcsContainer, { reference, deployer, secretArns, logGroup, region }: AwsFoundation): object {
  const container = literally(planned) as Omit<EcsContainer, 'image'>;
  const environment = [
    ...Object.entries(container.environment).map(([name, value]) => ({ name, value })),
    ...Object.entries(container.deployerEnvironment).map(([name, { variable }]) => ({ name, value: deployer.get(variable)! })),
  ];
  return compact({
    name: container.name,
    image: reference(image),
    essential: container.essential,
    user: container.user,
    entryPoint: container.entryPoint && listed(container.entryPoint),
    command: container.command && listed(container.command),
    environment: listed(environment),
    secrets: listed(Object.entries(container.secrets).map(([name, secret]) => ({ name, valueFrom: secretArns.get(secret)! }))),
    readonlyRootFilesystem: true,
    linuxParameters: compact({
      capabilities: { drop: ['ALL'] },
      initProcessEnabled: container.init || undefined,
      tmpfs: listed(container.tmpfs.map(({ path, sizeMebibytes, options }) => ({ containerPath: path, size: sizeMebibytes, mountOptions: options }))),
    }),
    mountPoints: listed(container.mountPoints.map(({ volume, path, readOnly }) => ({ sourceVolume: volume, containerPath: path, readOnly }))),
    portMappings: listed(container.endpoints.map(({ name, port, http }) => (
      compact({ name, containerPort: port, hostPort: port, protocol: 'tcp', appProtocol: http ? 'http' : undefined })))),
    healthCheck: container.healthCheck && healthCheck(container.healthCheck),
    stopTimeout: container.stopTimeoutSeconds,
    memory: container.memoryLimitMebibytes,
    memoryReservation: container.memoryReservationMebibytes,
    dockerLabels: Object.keys(container.dockerLabels).length === 0 ? undefined : container.dockerLabels,
    dependsOn: listed(container.startsAfter.map(containerName => ({ containerName, condition: 'SUCCESS' }))),
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': logGroup.getStringAttribute('name'), 'awslogs-region': region, 'awslogs-stream-prefix': container.name },
    },
  });
}

function healthCheck({ command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds }: EcsHealthCheck): object {
  return { command: ['CMD', ...command], interval: intervalSeconds, timeout: timeoutSeconds, retries, startPeriod: startPeriodSeconds };
}

/** What was declared means itself in Terraform: keys of maps, too. */
function literally(value: unknown): unknown {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return value.map(literally);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [literal(name), literally(item)]));
}

/** ECS answers without empty lists: with them, every plan would have a change. */
function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

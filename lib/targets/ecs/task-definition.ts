import type { aws_ecs as ecs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import type { EcsFiles, EcsPlace } from './ecs-place';
import type { EcsContainer, EcsHealthCheck, EcsTask, EcsTmpfs, EcsVolume, EcsWorkload } from '../../aws/ecs-plan';

/** What is made of a task. */
export interface MadeTask {
  readonly taskDefinition: ecs.TaskDefinition;
  /** Of the process itself. */
  readonly container: ecs.ContainerDefinition;
}

/** A task definition with roles of its own. */
export function taskDefinition(scope: Construct, { id, task }: EcsWorkload, place: EcsPlace): MadeTask {
  const definition = emptyDefinition(scope, task, place.fargate);
  for (const volume of task.volumes) addVolume(definition, volume, task, place.files);
  const containers = new Map<string, ecs.ContainerDefinition>();
  for (const container of task.containers) {
    const made = addContainer(definition, container, id, place);
    const condition = awsCdk().aws_ecs.ContainerDependencyCondition.SUCCESS;
    made.addContainerDependencies(...container.startsAfter.map(name => ({ container: containers.get(name)!, condition })));
    containers.set(container.name, made);
  }
  return { taskDefinition: definition, container: containers.get(id)! };
}

function emptyDefinition(scope: Construct, { family, cpuUnits, memoryMebibytes, architecture }: EcsTask, fargate: boolean): ecs.TaskDefinition {
  const { aws_ecs: library } = awsCdk();
  const { CpuArchitecture, OperatingSystemFamily, PlacementConstraint } = library;
  if (fargate) {
    const runtimePlatform = { cpuArchitecture: CpuArchitecture[architecture ?? 'X86_64'], operatingSystemFamily: OperatingSystemFamily.LINUX };
    return new library.FargateTaskDefinition(scope, 'TaskDefinition', { family, cpu: cpuUnits, memoryLimitMiB: memoryMebibytes, runtimePlatform });
  }
  return new library.TaskDefinition(scope, 'TaskDefinition', {
    family,
    compatibility: library.Compatibility.EC2,
    networkMode: library.NetworkMode.AWS_VPC,
    cpu: String(cpuUnits),
    memoryMiB: String(memoryMebibytes),
    placementConstraints: architecture && [PlacementConstraint.memberOf(`attribute:ecs.cpu-architecture == ${architecture.toLowerCase()}`)],
  });
}

function addVolume(definition: ecs.TaskDefinition, { name, accessPoint }: EcsVolume, task: EcsTask, files: EcsFiles | undefined): void {
  const point = accessPoint === undefined ? undefined : files!.accessPoints.get(accessPoint)!;
  if (!point) return definition.addVolume({ name });
  const { fileSystemId, fileSystemArn } = files!.fileSystem;
  definition.addVolume({
    name,
    efsVolumeConfiguration: { fileSystemId, transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: point.accessPointId, iam: 'ENABLED' } },
  });
  const writes = task.containers.some(({ mountPoints }) => mountPoints.some(({ volume, readOnly }) => volume === name && !readOnly));
  definition.addToTaskRolePolicy(new (awsCdk().aws_iam).PolicyStatement({
    actions: ['elasticfilesystem:ClientMount', ...(writes ? ['elasticfilesystem:ClientWrite'] : [])],
    resources: [fileSystemArn],
    conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': point.accessPointArn } },
  }));
}

function addContainer(definition: ecs.TaskDefinition, container: EcsContainer, streamPrefix: string, place: EcsPlace): ecs.ContainerDefinition {
  const { Duration, aws_ecs: { AppProtocol, LogDrivers } } = awsCdk();
  const { name, user, essential, entryPoint, command, dockerLabels, healthCheck, stopTimeoutSeconds } = container;
  const made = definition.addContainer(name, {
    containerName: name,
    image: place.image(container.image),
    user,
    essential,
    entryPoint,
    command,
    readonlyRootFilesystem: true,
    linuxParameters: linuxParameters(definition, container),
    environment: { ...container.environment, ...ofDeployer(container, place.environment) },
    secrets: Object.fromEntries(Object.entries(container.secrets).map(([variable, secret]) => [variable, place.secret(secret)])),
    healthCheck: healthCheck && healthCheckOf(healthCheck),
    stopTimeout: stopTimeoutSeconds === undefined ? undefined : Duration.seconds(stopTimeoutSeconds),
    memoryLimitMiB: container.memoryLimitMebibytes,
    memoryReservationMiB: container.memoryReservationMebibytes,
    dockerLabels,
    logging: LogDrivers.awsLogs({ logGroup: place.logGroup, streamPrefix }),
    portMappings: container.endpoints.map(endpoint => ({
      name: endpoint.name, containerPort: endpoint.port, appProtocol: endpoint.http ? AppProtocol.http : undefined,
    })),
  });
  made.addMountPoints(...container.mountPoints.map(({ volume, path, readOnly }) => ({ sourceVolume: volume, containerPath: path, readOnly })));
  return made;
}

function linuxParameters(definition: ecs.TaskDefinition, { name, init, tmpfs }: EcsContainer): ecs.LinuxParameters {
  const { Capability, LinuxParameters } = awsCdk().aws_ecs;
  const made = new LinuxParameters(definition, `LinuxParameters-${name}`, { initProcessEnabled: init });
  made.dropCapabilities(Capability.ALL);
  made.addTmpfs(...tmpfs.map(inMemory));
  return made;
}

/** aws-cdk knows the words of options, and not that some of them have a value. */
function inMemory({ path, sizeMebibytes, options }: EcsTmpfs): ecs.Tmpfs {
  return { containerPath: path, size: sizeMebibytes, mountOptions: options as ecs.TmpfsMountOption[] };
}

function ofDeployer({ deployerEnvironment }: EcsContainer, given: Record<string, string>): Record<string, string> {
  const values = Object.entries(deployerEnvironment);
  return Object.fromEntries(values.map(([name, { variable, defaultValue }]) => [name, given[variable] ?? defaultValue!]));
}

function healthCheckOf({ command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds }: EcsHealthCheck): ecs.HealthCheck {
  const { seconds } = awsCdk().Duration;
  return {
    command: ['CMD', ...command],
    interval: seconds(intervalSeconds),
    timeout: seconds(timeoutSeconds),
    retries,
    startPeriod: seconds(startPeriodSeconds),
  };
}

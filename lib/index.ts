export { App, type AppProps, type SynthResult } from './app/app';
export { Architecture } from './build/architecture';
export {
  BaseImage, type AlpineProps, type AlpinePythonProps, type DebianProps, type DistrolessPythonProps, type NginxImageProps, type OfficialPythonProps,
  type UbuntuProps,
} from './build/base-image';
export { Libc, PackageManager, type BaseImageFacts, type BaseImageUser } from './build/base-image-facts';
export { ContainerImage } from './build/container-image';
export { type DevelopmentFacts, type HealthCheckFacts, type HttpProbe, type ImageFacts, type WritablePath } from './build/image-facts';
export {
  CacheSharing, Mount, type BindMountProps, type CacheMountProps, type MountOwnerProps, type SecretMountProps, type SshMountProps,
  type TmpfsMountProps,
} from './build/mount';
export { MultiStageBuild, type MultiStageBuildProps, type ProcessProps } from './build/multi-stage-build';
export { RegistryImage, type RegistryImageProps } from './build/registry-image';
export { Stage, type StageProps } from './build/stage';
export {
  Protocol, RunNetwork, type AddArchiveOptions, type AddRemoteOptions, type CopyOptions, type ExpandOptions, type FileOptions, type RunOptions,
  type WriteFileOptions,
} from './build/stage-options';
export { type IStageSource } from './build/stage-source';
export { Checks } from './checks/acknowledgement';
export { Severity, type Finding } from './checks/check';
export { FileTarget, type IRenderContext, type OutputFile, type TargetOutput } from './output/file-target';
export { LayerPlan } from './output/layer-plan';
export { type LayerStep } from './output/layer-stages';
export { type Loss } from './output/loss';
export { Bytecode, type ImportedBytecodeProps } from './python/bytecode';
export {
  Dependencies, type DetectedProps, type PackageSourceProps, type PdmProps, type PipenvProps, type PoetryProps, type PyprojectProps,
  type RequirementsProps, type UvProps,
} from './python/dependencies';
export { Layout, type UserBaseProps } from './python/layout';
export type { NuitkaProps } from './python/layouts/nuitka';
export { PackageIndex, type PackageIndexProps } from './python/package-index';
export {
  PythonBase, type AlpinePythonBaseProps, type BareAlpineProps, type ChainguardPythonProps, type DebianPythonProps, type DistrolessProps,
  type InstalledPythonProps, type SlimPythonProps, type WolfiPythonProps,
} from './python/python-base';
export { PythonBaseFamily, type PythonBaseFamilyProps } from './python/python-base-family';
export { PythonDebugImage, type PythonDebugImageProps } from './python/python-debug-image';
export {
  PythonInstall, type CompileProps, type DeadsnakesProps, type DistributionPythonProps, type PythonBuildProps, type SourcePythonProps,
} from './python/python-install';
export { PythonServer } from './python/python-server';
export { PythonServiceImage, type PythonServiceImageProps, type RunAtBuildProps } from './python/python-service-image';
export { RequirementsLock, type RequirementsLockProps } from './python/requirements-lock';
export { type CeleryBeatProps, type CeleryWorkerProps } from './python/servers/celery';
export { type GunicornProps } from './python/servers/gunicorn';
export { type HypercornProps } from './python/servers/hypercorn';
export { type ProgramProps } from './python/servers/program';
export { type WebServerProps } from './python/servers/server-values';
export { type TwistedProps } from './python/servers/twisted';
export { type UvicornProps } from './python/servers/uvicorn';
export { type NativePackageNeeds, type PythonSystemPackages, type SystemPackages } from './python/system-packages';
export { Trim, type TrimProps } from './python/trim';
export { Unbuffered } from './python/unbuffered';
export { WheelBuilder, type WheelBuilderProps, type WheelPublishing } from './python/wheel-builder';
export { type IWheelSource } from './python/wheel-source';
export { Application } from './services/application';
export { type BackingServiceProps } from './services/backing-service';
export { Config, type ConfigMount, type ConfigProps } from './services/config';
export { EnvValue, type DeployerValueProps, type IReachable, type UrlProps } from './services/env-value';
export { HealthCheck, type HealthCheckTimings, type HttpHealthCheckProps } from './services/health-check';
export { Job, type JobProps } from './services/job';
export { Network, type NetworkProps } from './services/network';
export { NginxDirective } from './services/nginx-directive';
export {
  AccessLog, Compression, FileCaching, LoadBalancing, NameResolution, RateLimit, SecurityHeaders, type KeepaliveProps, type RepeatedResolutionProps,
} from './services/nginx-options';
export { type NginxReverseProxyProps, type TlsProps } from './services/nginx-proxy-props';
export { NginxReverseProxy } from './services/nginx-reverse-proxy';
export {
  type ApplicationPlan, type BuildMountsPlan, type ConfigMountPlan, type ConfigPlan, type DeployerVariable, type FileTextPlan, type ImagePlan,
  type JobPlan, type LoggingPlan, type NetworkPlan, type PublishedPort, type ResourcesPlan, type RoutePlan, type ScalingPlan, type SecretPlan,
  type ServicePlan, type VolumeMountPlan, type VolumePlan, type WorkloadPlan,
} from './services/plan';
export { Postgres, type PostgresProps, type PostgresUrlProps } from './services/postgres';
export { RabbitMq, type RabbitMqProps } from './services/rabbitmq';
export { Redis, Valkey, type RedisProps, type RedisUrlProps } from './services/redis';
export { type Resources } from './services/resources';
export { Restart } from './services/restart';
export { Route, type FilesRouteProps, type RouteOptions, type RouteProps } from './services/route';
export { Secret, type SecretProps } from './services/secret';
export { Service, type Scaling, type ServiceProps } from './services/service';
export { StaticFiles } from './services/static-files';
export { Volume, type VolumeMount, type VolumeProps } from './services/volume';
export { Workload, type Logging, type WorkloadProps } from './services/workload';
export { ComposeFile } from './targets/compose/compose-file';
export * as ecs from './targets/ecs';
export * as kubernetes from './targets/kubernetes';
export { KubernetesExposure, type KubernetesIngressProps } from './targets/kubernetes/kubernetes-exposure';
export { KubernetesFile, type KubernetesFileProps } from './targets/kubernetes/kubernetes-file';
export { type KubernetesProps } from './targets/kubernetes/kubernetes-props';
export * as terraform from './targets/terraform';

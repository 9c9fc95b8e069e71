export { App, type AppProps, type SynthResult } from './app/app';
export {
  BaseImage, type AlpineProps, type AlpinePythonProps, type DebianProps, type DistrolessPythonProps, type NginxImageProps, type OfficialPythonProps,
  type UbuntuProps,
} from './build/base-image';
export { Libc, PackageManager, type BaseImageFacts, type BaseImageUser } from './build/base-image-facts';
export { ContainerImage } from './build/container-image';
export { type HealthCheckFacts, type HttpProbe, type ImageFacts, type WritablePath } from './build/image-facts';
export {
  CacheSharing, Mount, type BindMountProps, type CacheMountProps, type MountOwnerProps, type SecretMountProps, type SshMountProps,
  type TmpfsMountProps,
} from './build/mount';
export { MultiStageBuild, type MultiStageBuildProps, type ProcessProps } from './build/multi-stage-build';
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
export { Dependencies, type UvProps } from './python/dependencies';
export { Layout } from './python/layout';
export { PythonBase, type ChainguardPythonProps, type DebianPythonProps, type DistrolessProps, type SlimPythonProps } from './python/python-base';
export { PythonDebugImage, type PythonDebugImageProps } from './python/python-debug-image';
export { PythonServer } from './python/python-server';
export { PythonServiceImage, type PythonServiceImageProps } from './python/python-service-image';
export { type CeleryBeatProps, type CeleryWorkerProps } from './python/servers/celery';
export { type GunicornProps } from './python/servers/gunicorn';
export { type HypercornProps } from './python/servers/hypercorn';
export { type ProgramProps } from './python/servers/program';
export { type WebServerProps } from './python/servers/server-values';
export { type TwistedProps } from './python/servers/twisted';
export { type UvicornProps } from './python/servers/uvicorn';
export { type SystemPackages } from './python/system-packages';
export { Trim, type TrimProps } from './python/trim';
export { Unbuffered } from './python/unbuffered';
export { Application } from './services/application';
export { HealthCheck, type HealthCheckTimings, type HttpHealthCheckProps } from './services/health-check';
export { Network, type NetworkProps } from './services/network';
export { NginxReverseProxy, type NginxReverseProxyProps } from './services/nginx-reverse-proxy';
export {
  type ApplicationPlan, type ImagePlan, type NetworkPlan, type PublishedPort, type RoutePlan, type ServicePlan,
} from './services/plan';
export { Route, type RouteProps } from './services/route';
export { Service, type ServiceProps } from './services/service';
export { ComposeFile } from './targets/compose/compose-file';
export { KubernetesFile, type KubernetesFileProps } from './targets/kubernetes/kubernetes-file';

export { App, type AppProps, type SynthResult } from './app/app';
export { BaseImage, type OfficialPythonProps } from './build/base-image';
export { Libc, type BaseImageFacts, type BaseImageUser } from './build/base-image-facts';
export { ContainerImage } from './build/container-image';
export { type HealthCheckFacts, type HttpProbe, type ImageFacts, type WritablePath } from './build/image-facts';
export { CacheSharing, Mount, type CacheMountProps } from './build/mount';
export { MultiStageBuild, type MultiStageBuildProps } from './build/multi-stage-build';
export { Stage, type CopyOptions, type RunOptions, type StageProps, type WriteFileOptions } from './build/stage';
export { type IStageSource } from './build/stage-source';
export { Checks } from './checks/acknowledgement';
export { Severity, type Finding } from './checks/check';
export { FileTarget, type IRenderContext, type OutputFile, type TargetOutput } from './output/file-target';
export { type Loss } from './output/loss';
export { Dependencies } from './python/dependencies';
export { Layout } from './python/layout';
export { PythonBase, type ChainguardPythonProps, type SlimPythonProps } from './python/python-base';
export { PythonServer, type GunicornProps } from './python/python-server';
export { PythonServiceImage, type PythonServiceImageProps } from './python/python-service-image';
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

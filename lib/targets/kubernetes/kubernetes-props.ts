import type { KubernetesExposure } from './kubernetes-exposure';

/** What a cluster needs to know besides what was declared. */
export interface KubernetesProps {
  /**
   * Registry and path that the images are pushed to, such as `registry.example.com/shop`: a cluster builds nothing. The name of
   * an image is its id, its tag a hash of the Dockerfile and of the files that the build reads.
   * @default - none: every image has to be one that somebody else builds
   */
  readonly registry?: string;
  /**
   * Digests of images that were pushed, by id of the image, such as `{ 'api-image': 'sha256:…' }`: what runs is then exactly what was
   * pushed, whatever its tag says later.
   * @default - images are named by their tags
   */
  readonly digests?: Record<string, string>;
  /** Names of Secrets of type `kubernetes.io/dockerconfigjson` with which nodes pull the images. @default - none */
  readonly pullSecrets?: string[];
  /** Namespace of all objects, a DNS label. @default - the Chart's, if there is one with a namespace; else the id of the Application */
  readonly namespace?: string;
  /**
   * Annotations of every Deployment, StatefulSet, Job and CronJob, such as the reasons for which findings of a linter are accepted.
   * @default - none
   */
  readonly annotations?: Record<string, string>;
  /** How published services are reached from outside the cluster. @default - for each an Ingress for every host */
  readonly exposures?: KubernetesExposure[];
  /** Name of the StorageClass of all volumes. @default - the cluster's default */
  readonly storageClass?: string;
}

/**
 * Processors that an image is made for.
 *
 * @see https://docs.docker.com/build/building/multi-platform/
 */
export enum Architecture {
  /** 64 bits, of Intel and AMD. Docker `linux/amd64`, Kubernetes `amd64`, ECS `X86_64`. */
  AMD64 = 'amd64',
  /** 64 bits, of ARM. Docker `linux/arm64`, Kubernetes `arm64`, ECS `ARM64`. */
  ARM64 = 'arm64',
}

/** How Docker calls it. */
export function platformOf(architecture: Architecture): string {
  return `linux/${architecture}`;
}

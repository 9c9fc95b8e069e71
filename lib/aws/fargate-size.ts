/**
 * What tasks of Fargate come in: CPU units, then mebibytes of memory from, to, and in steps of.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const SIZES: readonly (readonly [cpuUnits: number, from: number, to: number, step: number])[] = [
  [256, 512, 512, 512],
  [256, 1024, 2048, 1024],
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16384, 1024],
  [4096, 8192, 30720, 1024],
  [8192, 16384, 61440, 4096],
  [16384, 32768, 122880, 8192],
];

/** The size of a task. */
export interface FargateSize {
  readonly cpuUnits: number;
  readonly memoryMebibytes: number;
}

/** The largest that there is. */
export const LARGEST_SIZE: FargateSize = { cpuUnits: 16384, memoryMebibytes: 122880 };

/**
 * The smallest size that has this much, or nothing when none has. Less CPU with more memory comes first: CPU costs most.
 *
 * @param cpuUnits 1024 for a processor
 * @param memoryMebibytes of all containers together
 */
export function fargateSize(cpuUnits: number, memoryMebibytes: number): FargateSize | undefined {
  for (const [units, from, to, step] of SIZES) {
    if (units < cpuUnits || to < memoryMebibytes) continue;
    return { cpuUnits: units, memoryMebibytes: Math.max(from, Math.ceil(memoryMebibytes / step) * step) };
  }
  return undefined;
}

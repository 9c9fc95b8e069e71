import { compact, sha256 } from '../../primitives/stable';
import type { ApplicationPlan, WorkloadPlan } from '../../services/plan';

/** One object, with Kubernetes' own key names. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [key: string]: unknown;
}

/** What every object has. */
export interface ObjectMetadata {
  readonly name: string;
  /** Absent of the namespace itself only. */
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** Of a DNS label. */
const LONGEST = 63;

/** What an object of a workload is called, and the labels by which people and tools find it. */
export function metadataOf(workload: WorkloadPlan, plan: ApplicationPlan, namespace: string, name = workload.id): ObjectMetadata {
  return { name, namespace, labels: labelsOf(workload, plan) };
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function labelsOf(workload: WorkloadPlan, plan: ApplicationPlan): Record<string, string> {
  return { ...selectorOf(workload, plan), ...applicationLabels(plan) };
}

/** By which a workload's pods are found: it may never change. */
export function selectorOf({ id }: WorkloadPlan, plan: ApplicationPlan): Record<string, string> {
  return { 'app.kubernetes.io/name': id, 'app.kubernetes.io/part-of': plan.id };
}

/** Of objects that are of no workload. */
export function applicationLabels({ id }: ApplicationPlan): Record<string, string> {
  return { 'app.kubernetes.io/part-of': id, 'app.kubernetes.io/managed-by': 'cdk-wheelhouse' };
}

/** A DNS label that is no other's when `name` is too long for one, or is one already. */
export function shortened(name: string, of: string, longest = LONGEST): string {
  return `${name.slice(0, longest - 9).replace(/-$/, '')}-${sha256(of).slice(0, 8)}`;
}

/** The name itself where it is short enough. */
export function fitted(name: string, of: string, longest = LONGEST): string {
  return name.length <= longest ? name : shortened(name, of, longest);
}

/** What a pod calls a volume, config or secret: no path is called so. */
export function podVolume(kind: string, name: string): string {
  return fitted(`${kind}-${name}`, name);
}

/** With annotations, where there are some. */
export function annotated(metadata: ObjectMetadata, annotations: Record<string, string> = {}): ObjectMetadata {
  return Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
}

/** What a port is called in pods and Services. */
export function portName(port: number): string {
  return `tcp-${port}`;
}

/** Processors as an API server writes them, so that what is applied again is what is there: `250m`, `2`. */
export function cpuQuantity(cpus: number): string {
  const thousandths = Math.round(cpus * 1000);
  return thousandths % 1000 === 0 ? `${thousandths / 1000}` : `${thousandths}m`;
}

/** Memory and storage, likewise: `512Mi`, `2Gi`. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function sizeQuantity(mebibytes: number): string {
  const [size, unit] = [['Ti', 1024 ** 2], ['Gi', 1024], ['Mi', 1]].map(([name, of]) => [mebibytes / Number(of), name]).find(([amount]) => Number.isInteger(amount))!;
  return `${size}${unit}`;
}

/** A list, or nothing when it is empty. */
export function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** What of a record is there, or nothing. */
export function filledRecord(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const there = compact(record);
  return Object.keys(there).length === 0 ? undefined : there;
}

/**
 * Kubernetes reads `$(NAME)` as a variable, and any `$$` as a dollar sign.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/third_party/forked/golang/expansion/expand.go
 */
export function literal(text: string): string {
  return text.includes('$(') || text.includes('$$') ? text.replace(/\$/g, '$$$$') : text;
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set */
export function isAnnotation(name: string): boolean {
  return /^((?=[^/]{1,253}\/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name);
}

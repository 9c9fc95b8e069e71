import type { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { kubernetesChecks, kubernetesOutput, type KubernetesOutput } from './kubernetes-output';
import type { KubernetesProps } from './kubernetes-props';
import { mustBeSettings } from './kubernetes-settings';
import type { KubernetesObject } from './object';
import type { Check, Finding } from '../../checks/check';
import { mustBeExamined } from '../../output/examined-application';
import { contentTags } from '../../output/image-files';
import type { Loss } from '../../output/loss';
import { must } from '../../primitives/faults';
import { freeze } from '../../primitives/freeze';
import { whileNothingChanges } from '../../primitives/once';
import type { Application } from '../../services/application';

/** Kinds of the metadata entries in which the construct repeats what it has to say. */
const LOSS = 'cdk-wheelhouse:loss';
const FINDING = 'cdk-wheelhouse:finding';

/** Label of the objects of a service or job: its id. */
const WORKLOAD = 'app.kubernetes.io/name';

/** Settings of a {@link KubernetesApplication}. */
export interface KubernetesApplicationProps extends KubernetesProps {
  /** What is made: it may be declared under an App, or in the same tree. Nothing can be declared in it afterwards. */
  readonly application: Application;
}

/** The objects of a service or job, to go on with in cdk8s. */
export interface KubernetesWorkload {
  /** The Deployment, StatefulSet, Job or CronJob. */
  readonly workload: ApiObject;
  /** Whom its pods are for the cluster. */
  readonly serviceAccount?: ApiObject;
  /** All of its objects, those above among them. */
  readonly objects: ApiObject[];
}

/** The objects of a service, to go on with in cdk8s. */
export interface KubernetesService extends KubernetesWorkload {
  /** The Service, when it listens on a port. */
  readonly service?: ApiObject;
  /** The Ingress, when it is reached by one of its own. */
  readonly ingress?: ApiObject;
  /** The HorizontalPodAutoscaler, when it is scaled. */
  readonly autoscaler?: ApiObject;
  /** The PodDisruptionBudget, when it has two pods or more. */
  readonly disruptionBudget?: ApiObject;
}

/**
 * All objects of an {@link Application} in a cdk8s Chart: those that {@link KubernetesFile} writes, under the same names, in the same order. Their
 * namespace is that of `namespace`, else the Chart's, else the id of the Application.
 *
 * It is made at once: everything is checked, and all faults are thrown together. The Dockerfiles come from the same program or another one, by
 * {@link App.synth}: the tags of the images are the same wherever the application is declared. In a tree without an App, sources are
 * read from the working directory.
 *
 * @see https://cdk8s.io/docs/latest/basics/api-object/
 */
export class KubernetesApplication extends Construct {
  /** What checks had to say and somebody acknowledged, or what only matters to know; metadata `cdk-wheelhouse:finding` has those that nobody did. */
  public readonly findings: Finding[];
  /** What was declared and Kubernetes cannot express; metadata `cdk-wheelhouse:loss`, too. */
  public readonly losses: Loss[];
  /** All objects, in the order in which they are applied. */
  public readonly objects: ApiObject[];
  private readonly path: string;
  /** By the id of the service or job that they are of. */
  private readonly ofWorkloads = new Map<string, ApiObject[]>();

  constructor(scope: Construct, id: string, props: KubernetesApplicationProps) {
    super(scope, id);
    const { application, ...declared } = props;
    const chart = chartOf(this);
    const settings = { ...declared, namespace: declared.namespace ?? chart.namespace };
    mustBeSettings(settings);
    const checks = kubernetesChecks(settings);
    const { findings, losses, objects } = whileNothingChanges(() => lowered(application, settings, checks));
    this.findings = findings;
    this.losses = losses;
    this.path = application.node.path;
    this.objects = objects.map(object => this.apiObject(object, chart));
    for (const loss of losses) this.node.addMetadata(LOSS, loss);
    for (const finding of findings.filter(({ acknowledged }) => acknowledged === undefined)) this.node.addMetadata(FINDING, finding);
    freeze(application, this);
  }

  /**
   * The objects of a service.
   *
   * @param id of the service
   */
  public service(id: string): KubernetesService {
    const { workload, serviceAccount, objects } = this.workload('service', ['Deployment', 'StatefulSet'], id);
    return {
      workload,
      serviceAccount,
      service: ofKind(objects, 'Service'),
      ingress: ofKind(objects, 'Ingress'),
      autoscaler: ofKind(objects, 'HorizontalPodAutoscaler'),
      disruptionBudget: ofKind(objects, 'PodDisruptionBudget'),
      objects,
    };
  }

  /**
   * The objects of a job.
   *
   * @param id of the job
   */
  public job(id: string): KubernetesWorkload {
    return this.workload('job', ['Job', 'CronJob'], id);
  }

  private workload(what: string, kinds: readonly string[], id: string): KubernetesWorkload {
    const found = [...this.ofWorkloads].flatMap(([name, objects]) => {
      const workload = objects.find(({ kind }) => kinds.includes(kind));
      return workload ? [{ name, workload, serviceAccount: ofKind(objects, 'ServiceAccount'), objects: [...objects] }] : [];
    });
    const wanted = found.find(({ name }) => name === id);
    must(wanted, 'KUBERNETES_WORKLOAD', `'${this.path}' has no ${what} '${id}' here; it has ${found.map(({ name }) => `'${name}'`).join(', ') || 'none'}`, this);
    return wanted;
  }

  /** A Job's name is another one when its pod changes, which the path of a construct should not. */
  private apiObject(object: KubernetesObject, chart: Chart): ApiObject {
    const { kind, metadata } = object;
    const workload = metadata.labels?.[WORKLOAD];
    const native = new (cdk8s().ApiObject)(this, `${kind}-${kind === 'Job' ? workload : metadata.name}`, object);
    // cdk8s puts all that has none into the Chart's, and a Namespace is in none
    if (metadata.namespace === undefined && chart.namespace !== undefined) native.addJsonPatch(cdk8s().JsonPatch.remove('/metadata/namespace'));
    if (workload !== undefined) this.ofWorkloads.set(workload, [...this.ofWorkloads.get(workload) ?? [], native]);
    return native;
  }
}

/** What an application becomes. All of its faults are thrown together. */
function lowered(application: Application, props: KubernetesProps, checks: readonly Check[]): KubernetesOutput & { findings: Finding[] } {
  const { plan, findings, source } = mustBeExamined(application, checks);
  return { findings, ...kubernetesOutput(plan, props, contentTags(plan, source)) };
}

function chartOf(construct: Construct): Chart {
  const chart = [...construct.node.scopes].reverse().find(scope => cdk8s().Chart.isChart(scope));
  must(chart, 'CHART_MISSING', "it is not in a cdk8s Chart; declare it in one: new Chart(app, 'shop')", construct);
  return chart as Chart;
}

function ofKind(objects: readonly ApiObject[], kind: string): ApiObject | undefined {
  return objects.find(object => object.kind === kind);
}

let loaded: typeof import('cdk8s') | undefined;

/** Loaded when the first Chart asks for it: others do without. Node would look it up again each time. */
function cdk8s(): typeof import('cdk8s') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return loaded ??= require('cdk8s') as typeof import('cdk8s');
}

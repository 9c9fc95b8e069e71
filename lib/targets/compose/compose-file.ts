import type { Construct } from 'constructs';
import { composeDocument, configFile } from './compose-document';
import { composeLosses } from './compose-losses';
import { HEALTH_DISABLED } from './health-disabled';
import { JOB_UNAWAITED } from './job-unawaited';
import { inKeyOrder, SERVICE_KEYS, TOP_KEYS } from './key-order';
import { jsonCopy, overridden, pointerKeys, type Override } from './override';
import { secretsInOverrides } from './secrets-in-overrides';
import type { Check } from '../../checks/check';
import type { IRenderContext, TargetOutput } from '../../output/file-target';
import { FileTarget } from '../../output/file-target';
import { printYaml } from '../../output/yaml';
import { changeable } from '../../primitives/freeze';
import { sortedBy } from '../../primitives/stable';
import { Application } from '../../services/application';
import type { ApplicationPlan } from '../../services/plan';
import { planApplication } from '../../services/plan-application';

/** What of the file does not depend on where it is written. */
const ANYWHERE: IRenderContext = { root: '.', directory: '.', ignored: [], contentTag: () => '' };

/**
 * Writes `compose.yaml`: `docker compose -f … up` builds and runs the application from any directory, hardened.
 *
 * What no construct says can be overridden: {@link ComposeFile.add}, {@link ComposeFile.replace}, {@link ComposeFile.remove}. Places are JSON pointers
 * into the file as it is without overrides, such as `/services/web/shm_size`; values are compose's own, in which `$` starts a variable. A change
 * that does not fit is refused at synthesis.
 *
 * @see https://docs.docker.com/reference/compose-file/
 * @see https://datatracker.ietf.org/doc/html/rfc6901
 */
export class ComposeFile extends FileTarget {
  private readonly overrides: Override[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.node.addValidation({
      validate: () => {
        if (this.overrides.length === 0) return [];
        return overridden(composeDocument(planApplication(Application.of(this)), ANYWHERE), this.overrides).faults;
      },
    });
  }

  /**
   * Adds what is not there: a key of a map, or an element at the end of a list, whose place is written `-`.
   *
   * @param pointer such as `/services/web/shm_size` or `/services/web/cap_add`
   * @param value what JSON can say
   */
  public add(pointer: string, value: any): void {
    changeable(this).overrides.push({ kind: 'add', pointer, keys: pointerKeys(pointer), value: jsonCopy(value, pointer) });
  }

  /**
   * Changes what is there.
   *
   * @param pointer such as `/services/web/restart`, or `/services/web/ports/0` for the first of a list
   * @param value what JSON can say
   */
  public replace(pointer: string, value: any): void {
    changeable(this).overrides.push({ kind: 'replace', pointer, keys: pointerKeys(pointer), value: jsonCopy(value, pointer) });
  }

  /**
   * Takes away what is there.
   *
   * @param pointer such as `/services/web/init`
   */
  public remove(pointer: string): void {
    changeable(this).overrides.push({ kind: 'remove', pointer, keys: pointerKeys(pointer) });
  }

  /** @internal */
  public override _checks(): readonly Check[] {
    if (this.overrides.length === 0) return [HEALTH_DISABLED, JOB_UNAWAITED];
    return [JOB_UNAWAITED, secretsInOverrides(this.node.path, plan => [composeDocument(plan, ANYWHERE), this.document(plan, ANYWHERE)])];
  }

  /** Turns the plan into `compose.yaml`. */
  public render(plan: ApplicationPlan, context: IRenderContext): TargetOutput {
    return {
      files: [
        { path: 'compose.yaml', text: printYaml(this.document(plan, context)) },
        ...plan.configs.map(config => ({ path: configFile(config), text: config.text })),
      ],
      losses: composeLosses(plan),
    };
  }

  private document(plan: ApplicationPlan, context: IRenderContext): Record<string, unknown> {
    const document = composeDocument(plan, context);
    return this.overrides.length === 0 ? document : ordered(overridden(document, this.overrides).document);
  }
}

/** What was added stands where it would have been printed. */
function ordered(document: Record<string, any>): Record<string, unknown> {
  const { services } = document;
  if (typeof services !== 'object' || services === null) return inKeyOrder(document, TOP_KEYS);
  const entries = sortedBy(Object.entries<any>(services), ([id]) => id);
  const sorted = entries.map(([id, service]) => [id, typeof service === 'object' && service !== null ? inKeyOrder(service, SERVICE_KEYS) : service]);
  return inKeyOrder({ ...document, services: Object.fromEntries(sorted) }, TOP_KEYS);
}

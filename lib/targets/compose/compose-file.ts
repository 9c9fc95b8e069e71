import { composeDocument, configFile } from './compose-document';
import { composeLosses } from './compose-losses';
import { JOB_UNAWAITED } from './job-unawaited';
import type { Check } from '../../checks/check';
import type { IRenderContext, TargetOutput } from '../../output/file-target';
import { FileTarget } from '../../output/file-target';
import { printYaml } from '../../output/yaml';
import type { ApplicationPlan } from '../../services/plan';

/**
 * Writes `compose.yaml`: `docker compose -f … up` builds and runs the application from any directory, hardened.
 *
 * @see https://docs.docker.com/reference/compose-file/
 */
export class ComposeFile extends FileTarget {
  /** @internal */
  public override _checks(): readonly Check[] {
    return [JOB_UNAWAITED];
  }

  /** Turns the plan into `compose.yaml`. */
  public render(plan: ApplicationPlan, context: IRenderContext): TargetOutput {
    return {
      files: [
        { path: 'compose.yaml', text: printYaml(composeDocument(plan, context)) },
        ...plan.configs.map(config => ({ path: configFile(config), text: config.text })),
      ],
      losses: composeLosses(plan),
    };
  }
}

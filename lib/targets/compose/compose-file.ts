import { composeDocument } from './compose-document';
import { composeLosses } from './compose-losses';
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
  /** Turns the plan into `compose.yaml`. */
  public render(plan: ApplicationPlan, context: IRenderContext): TargetOutput {
    return {
      files: [{ path: 'compose.yaml', text: printYaml(composeDocument(plan, context)) }],
      losses: composeLosses(plan),
    };
  }
}

import type { Application } from '../../services/application';

/** Settings of a {@link DockerApplication}. */
export interface DockerApplicationProps {
  /** What is made: it may be declared under an App, or in the same tree. Nothing can be declared in it afterwards. */
  readonly application: Application;
  /**
   * What names on the machine begin with, a DNS label: container `shop-api-1`, volume `shop_data`. Compose calls it the project.
   * @default - the id of the Application
   */
  readonly project?: string;
  /**
   * Absolute paths of secrets' files on the machine of the engine, by name of the secret; a reference of the stack is one, too. What is in them
   * reaches no state.
   * @default - for each the variable `<name>_file` of the stack, with underscores. If the host's output folder lies in the source tree, its default is the
   * file that the Secret names; else whoever applies has to say
   */
  readonly secrets?: Record<string, string>;
  /**
   * Values of the variables of whoever deploys, by their names there; a reference of the stack is one, too.
   * @default - for each a variable of the stack of the same name
   */
  readonly environment?: Record<string, string>;
}

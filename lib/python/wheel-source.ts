import type { WheelDirectories } from './recipes/wheels';
import type { Stage } from '../build/stage';

/**
 * Wheels, and the stage in which they are made.
 * @internal
 */
export interface WheelsPlan extends Omit<WheelDirectories, 'stage'> {
  readonly stage: Stage;
  /** Whether they carry their libraries, and say which C library they need. */
  readonly portable: boolean;
}

/** What makes wheels: a {@link WheelBuilder}. */
export interface IWheelSource {
  /** Stage that holds them all in `/wheels`, and nothing else. */
  readonly stage: Stage;

  /** @internal */
  _wheels(): WheelsPlan;
}

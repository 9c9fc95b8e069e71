/** Something that was declared and that a target cannot express. */
export interface Loss {
  /** The target, such as `compose`. */
  readonly target: string;
  /** Path of the construct. */
  readonly path: string;
  /** What was declared. */
  readonly declared: string;
  /** What is there instead, and what to do about it. */
  readonly instead: string;
}

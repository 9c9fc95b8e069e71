/** What a stage can start from, and files can be copied from: a {@link BaseImage} or another {@link Stage}. */
export interface IStageSource {
  /** How messages call it. */
  readonly label: string;
}

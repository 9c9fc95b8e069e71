/** Where files come from when they are not in the context: a stage of the same build, or an image. */
export type CopyOrigin =
  | { readonly kind: 'stage'; readonly name: string }
  | { readonly kind: 'image'; readonly reference: string };

/** What a stage can start from, and files can be copied from: a {@link BaseImage} or another {@link Stage}. */
export interface IStageSource {
  /** How messages call it. */
  readonly label: string;

  /** @internal */
  _origin(): CopyOrigin;
}

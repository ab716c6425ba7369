/** What the process around a run hears of it, beside its progress: how a worker that hangs or dies is brought to a good end. */

export interface RunHooks {
  /** The run has a directory and a first checkpoint. */
  readonly onBegun?: ((runDir: string) => void) | undefined
  /** A step was made to its end. Called after each; must cost nothing. */
  readonly onWhole?: ((step: number) => void) | undefined
}

/** Every bound of what viewers are shown, in one place. */

export const viewLimits = {
  /** Looks that differ; further ones are drawn as the last; `about` counts the agents. */
  looks: 4_096,
  /** Pixels of all pictures of a film that are kept until its palette is known; a film of more is refused. */
  filmPixels: 50_000_000,
  /** Points of a line, at most: from there on two become one. */
  seriesPoints: 4_096,
  /** Collected rows of a table that panels may read. */
  rows: 2_000,
  /** Pairs of an agent and a topic whose messages are counted between two looks; those of further ones are dropped; `about` counts them. */
  traffic: 8_192,
  /** Agents on one page of the agent table. */
  pageRows: 200,
  /** Questions one viewer may have open at a time, and characters of one. */
  questions: 64,
  questionLength: 512,
  /** Places of an inspected agent's trail. */
  trail: 512,
  /** Neighbours of an inspected agent that are named. */
  neighbors: 256,
  /** Checkpoints that scrubbing starts from, and bytes of all of them; beyond, older ones thin out. */
  checkpoints: 64,
  checkpointBytes: 64 * 2 ** 20,
  /** Inputs of a watched run that scrubbing makes again. */
  inputs: 10_000,
} as const

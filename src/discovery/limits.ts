/** The bounds of all that discovery keeps, and the numbers of its protocol. */

/** Bounds of queues, tables and lanes; what does not fit is refused or dropped, and counted where it happens. */
export const discoveryLimits = {
  /** Hypotheses a hypothesis space may hold. */
  hypotheses: 6_000,
  /** Candidate-or-better hypotheses a learner holds for ranking. */
  policies: 12,
  /** Confirmation tasks a learner serves at once. */
  confirmationTasks: 256,
  /** Approved patterns a learner watches. */
  patterns: 48,
  /** Candidates that wait for a confirmation slot, per instigator. */
  waiting: 512,
  /** Confirmations under way, per instigator. */
  confirmations: 700,
  /** Approval studies a researcher runs at once. */
  studies: 96,
} as const

/** The protocol of screening, confirmation and approval, in bars. */
export const protocol = {
  /** A pass of the assignment over the hypothesis space. */
  passBars: 500,
  /** 12-bar sums of a screen: 240 bars, within 252 of the assignment. */
  screenSums: 20,
  /** |z| a screen must exceed for a candidate. */
  candidateZ: 2,
  /** Bars of a block; every horizon divides it. */
  blockBars: 24,
  /** Bars of half a block: scores are summed over these, for screens and as parts of blocks. */
  halfBars: 12,
  /** Disjoint folds, and researchers. */
  folds: 3,
  /** Blocks of a confirmation or an approval: 18 a fold, 1,296 bars. */
  stageBlocks: 54,
  /** Share of the possible scores a screen, a fold or a share must have. */
  coverage: 0.9,
  /** z a fold must exceed in the candidate's sign. */
  foldZ: 0.5,
  /** Σz/√folds a confirmation must exceed. */
  pooledZ: 3,
  /** One-sided p of an approval share where two of three must have it, and where one researcher judges all 54 blocks. */
  approvalP: 0.05,
  soleApprovalP: 0.007,
  /**
   * Most confirmations begun in any window of `confirmationWindowBars`. The statistics allow 2,000; three quarters of them, strongest
   * screens first, find planted causes as surely and leave fewer chances of a false one.
   */
  confirmations: 1_500,
  confirmationWindowBars: 5_000,
  /** Half-life of the exponentially weighted statistics that rank policies. */
  rankHalfLifeBars: 250,
  /** Blocks over which an approved pattern is tested again and again: 504 bars. */
  monitorBlocks: 21,
  /** Half-life of a pattern's value since it last proved itself. */
  decayHalfLifeBars: 2_000,
  /** Bound of every standardised value. */
  zClip: 4,
} as const

/** The bounds of all that discovery keeps, and the numbers of its protocol. */

/** Bounds of queues, tables and lanes; what does not fit is refused or dropped, and counted where it happens. */
export const discoveryLimits = {
  /** Hypotheses a hypothesis space may hold. */
  hypotheses: 6_000,
  /** Candidate-or-better hypotheses a learner holds for ranking, per horizon. */
  policies: 4,
  /** Confirmation tasks a learner serves at once, per horizon. */
  confirmationTasks: 64,
  /** Approved patterns a learner watches, per horizon. */
  patterns: 16,
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
  /** Length of a screen. */
  screenBars: 250,
  /** |t| a screen must exceed for a candidate. */
  candidateT: 2,
  /** Bars of a block; every horizon divides it. */
  blockBars: 24,
  /** Disjoint folds, and researchers. */
  folds: 3,
  /** Blocks of a confirmation or an approval: 18 a fold, 1,296 bars. */
  stageBlocks: 54,
  /** Share of the possible observations a fold must have. */
  coverage: 0.9,
  /** t a fold must exceed in the candidate's sign. */
  foldZ: 0.5,
  /** Σz/√3 a confirmation must exceed. */
  pooledZ: 3,
  /** One-sided p of an approval share. */
  approvalP: 0.05,
  /**
   * Most confirmations begun in any window of `confirmationWindowBars`. The statistics allow 2,000; three quarters of them, strongest
   * screens first, find planted causes as surely and leave fewer chances of a false one.
   */
  confirmations: 1_500,
  confirmationWindowBars: 5_000,
  /** Half-life of the exponentially weighted statistics that rank policies. */
  rankHalfLifeBars: 250,
  /** Bars over which an approved pattern is monitored, kept in ten parts. */
  monitorBars: 500,
  /** Half-life of a pattern's value since it last proved itself. */
  decayHalfLifeBars: 2_000,
  /** Bound of every standardised value. */
  zClip: 4,
} as const

/** `report/`: writes the results of a finished run as one self-contained page. */

export type { ReportData } from './data.js'
export { type ExplainedDecision, type Explanation, explainDecisions } from './explain/index.js'
export { reportLimits } from './limits.js'
export { readReportData } from './read.js'
export { writeReport } from './write.js'

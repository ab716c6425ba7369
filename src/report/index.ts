/** `report/`: writes the results of a finished run as one self-contained page. */

export type { ReportData } from './data.js'
export { type ExplainedDecision, type Explanation, explainDecisions } from './explain/index.js'
export { reportLimits } from './limits.js'
export type { FoundTrade } from './memory/found.js'
export { checkLeaks, type LeakCheck } from './memory/leaks.js'
export { type FoundTrades, searchTrades } from './memory/search.js'
export { type SimilarTrades, similarTrades } from './memory/similar.js'
export { readReportData } from './read.js'
export { writeReport } from './write.js'

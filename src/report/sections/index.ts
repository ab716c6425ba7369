/** The sections of a report, in their order: those that a run has nothing for are not there. */

import type { ReportData } from '../data.js'
import type { Section } from '../panels.js'
import { agentsSection } from './agents.js'
import { commandsSection } from './commands.js'
import { complianceSection } from './compliance.js'
import { controlsSection } from './controls.js'
import { decisionsSection } from './decisions.js'
import { edgeSection } from './edge.js'
import { memorySection } from './memory.js'
import { moatsSection } from './moats.js'
import { modelSection } from './model.js'
import { networkSection } from './network.js'
import { patternsSection } from './patterns.js'
import { performanceSection } from './performance.js'
import { portfoliosSection } from './portfolios.js'
import { countersSection, realismSection, runSection } from './run.js'
import { tradesSection } from './trades.js'
import { contagionSection, equitySection, priceSection } from './trading.js'

export function sectionsOf(data: ReportData): Section[] {
  const { trading } = data
  const ofRun = [...realismSection(data), countersSection(data), runSection(data)]
  if (trading === null)
    return [...networkSection(data), ...complianceSection(data), ...modelSection(data), ...agentsSection(data), ...ofRun]
  const all = { ...data, trading }
  return [
    ...portfoliosSection(data),
    equitySection(all),
    ...performanceSection(all),
    priceSection(all),
    ...tradesSection(all),
    ...controlsSection(data),
    ...decisionsSection(all),
    ...commandsSection(all),
    ...patternsSection(all),
    ...edgeSection(data),
    ...memorySection(all),
    contagionSection(all),
    ...moatsSection(all),
    ...modelSection(data),
    ...agentsSection(data),
    ...ofRun,
  ]
}

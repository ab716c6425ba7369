/** The results of a model: every number it collected, and what its scenario declared to be looked at. */

import type { ReportData } from '../data.js'
import { counted } from '../format.js'
import { linesPanel, type Section } from '../panels.js'

export function modelSection({ model, trading, period }: ReportData): Section[] {
  const names = Object.keys(model.lines)
  if (names.length === 0) return []
  const lead = `${counted(names.length, 'number')} of the model${trading === null ? '' : ' beside its portfolios'}, step by step.`
  const isTime = period !== null
  const x = isTime ? model.x.map(seconds => seconds * 1_000) : model.x
  const panels = names.map(name =>
    linesPanel(name.replaceAll('_', ' '), { x, lines: { [name]: model.lines[name] ?? [] } }, { isTime }),
  )
  return [{ id: 'model', title: 'Model', lead, panels }]
}

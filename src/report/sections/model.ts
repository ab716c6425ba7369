/** The results of a model that does not trade: a chart of every number it collected, and its agents at the end. */

import type { ReportData } from '../data.js'
import { counted, spoken } from '../format.js'
import { type Html, html } from '../html.js'
import { frame, sectionOf } from '../parts.js'
import { spreadGrid } from './agents.js'

export function modelSection({ model }: ReportData): Html {
  const names = Object.keys(model.lines)
  if (names.length === 0) return html``
  return sectionOf({
    id: 'model',
    title: 'Model',
    lead: `${counted(names.length, 'number')} of the model, step by step.`,
    body: html`${names.map(name => frame({ chart: `model:${name}`, title: spoken(name), small: names.length > 1 }))}`,
  })
}

export function spreadSection({ spreads }: ReportData): Html {
  if (spreads.length === 0) return html``
  return sectionOf({
    id: 'agents',
    title: 'Agents',
    lead: 'How the agents stand at the end.',
    body: spreadGrid(spreads),
  })
}

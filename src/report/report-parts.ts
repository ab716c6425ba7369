/** A report as parts for the viewer's components: the last state of the world, the head, and every panel. */

import { type About, Parts, seriesName } from '../view/index.js'
import type { ReportData } from './data.js'
import { headOf, type ReportHead } from './head.js'
import { pointsOf, type ReportPanel, type Section, writePanels } from './panels.js'
import { sectionsOf } from './sections/index.js'

/** What is written besides the panels. */
export interface ReportParts {
  readonly parts: Parts
  readonly sections: readonly Section[]
}

/** `lastState`: a frame of what a viewer saw at the end of the run, where one was kept. */
export function reportParts(data: ReportData, lastState: Uint8Array | undefined, parts = new Parts(1)): ReportParts {
  const { scenario, seed, parameters: params } = data.manifest
  if (lastState !== undefined) parts.receive(lastState)
  const seen = parts.json('about') as About | undefined
  const sections = [...sectionsOf(data)]
  const isTime = data.period !== null
  // A line's own series are read step by step, and are not kept.
  const declared = (data.trading === null ? (seen?.panels ?? []) : []).flatMap(panel =>
    panel.kind !== 'lines' ? [panel] : panel.columns?.length ? [{ ...panel, series: [], isTime }] : [],
  )
  if (declared.length > 0)
    sections.unshift({ id: 'view', title: 'View', lead: 'What the scenario declares to be looked at, at the end.', panels: [] })
  parts.advance()
  const { x, lines } = data.model
  const axis = isTime ? x.map(seconds => seconds * 1_000) : x
  for (const [name, values] of Object.entries(lines)) parts.setArray(`${seriesName(name)}/block/0`, pointsOf(axis, values))
  writeSections(parts, sections, headOf(data, seen), {
    scenario,
    title: seen?.title ?? scenario,
    seed,
    params,
    layers: seen?.layers ?? [],
    panels: declared.map(panel => ({ ...panel, tab: 'View' })),
  })
  return { parts, sections }
}

/** Writes what a report's page reads: `about`, the head, and every panel. */
export function writeSections(
  parts: Parts,
  sections: readonly Section[],
  head: Omit<ReportHead, 'sections'>,
  { panels = [], ...known }: Partial<About> = {},
): void {
  const about: About = {
    scenario: head.name,
    title: head.name,
    seed: 0,
    params: {},
    parameters: [],
    steps: null,
    layers: [],
    columns: [],
    charts: [],
    trades: false,
    beyondLimits: { agents: 0, messages: 0 },
    ...known,
    panels: [...panels, ...sections.flatMap(described)],
  }
  parts.setJson('about', about)
  parts.setJson('report', {
    ...head,
    sections: sections.map(({ id, title, lead }) => ({ id, title, lead })),
  } satisfies ReportHead)
  writePanels(sections, parts)
}

function described({ title, panels }: Section): ReportPanel['description'][] {
  return panels.map(({ description }) => ({ ...description, tab: title }))
}

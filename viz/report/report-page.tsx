/** A report down one page: its head, the last state of the world, and the panels of each section. */

import { useEffect } from 'preact/hooks'
import type { ReportHead } from '../../src/report/index.js'
import type { About, Parts } from '../../src/view/index.js'
import { PanelCard } from '../panels/panel-card.js'
import { ConnectionBanner } from '../shell/connection.js'
import type { Run } from '../shell/run.js'
import { switchTheme } from '../shell/theme.js'
import { useAsks, useRun } from '../shell/use-run.js'
import { World } from '../shell/world.js'
import { Head } from './head.js'
import '../shell/tokens.css'
import '../shell/controls.css'
import '../shell/shell.css'
import './report.css'

export function ReportPage({ run }: { run: Run }) {
  const version = useRun(run)
  const onAsk = useAsks(run)
  const { parts } = run
  const head = parts.json('report') as ReportHead | undefined
  const about = parts.json('about') as About | undefined
  useEffect(() => {
    if (head !== undefined) document.title = `${head.name} · Mycelia`
  }, [head?.name])
  if (head === undefined || about === undefined) return <ConnectionBanner run={run} />
  const shown = { parts, version, onAsk }
  return (
    <div class="report">
      <a class="skip" href="#main">
        Skip to the results
      </a>
      <nav aria-label="Sections">
        <a class="home" href="#top">
          Mycelia
        </a>
        {head.sections.map(({ id, title }) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
        <button type="button" class="plain" onClick={switchTheme}>
          Dark or light
        </button>
      </nav>
      <ConnectionBanner run={run} />
      <Head head={head} />
      <main id="main">
        {hasWorld(parts) && (
          <section class="last-state" aria-label="The last state of the world">
            <World run={run} chosen={undefined} onChoose={() => {}} onStage={() => {}} />
          </section>
        )}
        {head.sections.map(({ id, title, lead }) => (
          <section key={id} id={id} aria-labelledby={`${id}-title`}>
            <h2 id={`${id}-title`}>{title}</h2>
            <p class="lead">{lead}</p>
            <div class="panels">
              {about.panels
                .filter(({ tab }) => tab === title)
                .map(panel => (
                  <PanelCard key={panel.title} description={panel} {...shown} />
                ))}
            </div>
          </section>
        ))}
      </main>
      <footer>{head.foot}</footer>
    </div>
  )
}

/** Agents that stand nowhere are told by their numbers alone. */
function hasWorld(parts: Parts): boolean {
  const space = parts.json('space') as { kind: string } | undefined
  return space !== undefined && space.kind !== 'none'
}
